/** Looks at a finished build: which files belong to the app, in which part, with which hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Release, ReleaseFile, ReleasePart } from '../../src/shared/protocol/app-release.ts';
import { headersOf, policyNameOf, policyNames } from './security-headers.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.gguf': 'application/octet-stream',
  '.bin': 'application/octet-stream',
};

/**
 * Not needed by the running app, or not to be answered from the device: the way out of a broken version comes from the host.
 * Mermaid is large, and the frame for it cannot be answered from the device, as it is of no origin.
 */
const leftOut =
  /^(_headers|service-worker\.js|reset\..*|robots\.txt|diagram\/.*|icons\/(splash|screenshots)\/.*|.*\.map)$/;

/** Larger scripts are engines: of the app itself, no chunk comes near it, in bytes. */
const engineScriptBytes = 1_500_000;

/**
 * Read only when an answer has a formula or code, a file is a PDF or in an encoding of old, documents are searched, somebody dictates or
 * shows a picture, or the Lab reads a file (the reader of YAML is called `browser`) or checks an answer. Licenses belong to every copy,
 * also to the one on a device, but not to what a first visit waits for.
 */
const extras =
  /\/(KaTeX_|katex-|typeset-|highlight-|pdf-text-|character-maps-|jbig2-|openjpeg-|text-encoding\.worker-|checks\.worker-|checks-main-|run-code-|emscripten-module-|set-files\.worker-|set-files-main-|papaparse|read-word-|read-book-|read-html-|read-packed-|documents-main-|place-search-|read-document-|collection-archive-|unpack-|browser-|DocumentsScreen-|dictation-|pictures\.worker-|prepare-picture-|PictureViewer-|result\.schema\.json|chat-files-main-|living-plot-)|^licenses\.txt$/;

/** Scripts of this size are libraries that only some answers and files need, such as the one for grammars; in bytes. */
const extraScriptBytes = 800_000;

/** By the whole of their names: a script of the page that is named after WebLLM is needed without it as well. */
const webLlmScripts = /\/(web-llm|webllm-engine)-/;

function partOf(path: string, bytes: number): ReleasePart {
  if (path.endsWith('.gguf')) return 'guide';
  if (extras.test(path)) return 'extras';
  if (webLlmScripts.test(path) || (path.endsWith('.js') && bytes > engineScriptBytes)) return 'webllm';
  if (path.endsWith('.js') && bytes > extraScriptBytes) return 'extras';
  if (/\/compat-/.test(path)) return 'llama-cpp-compat';
  // Its script is of the app: both builds need it.
  if (path.endsWith('.wasm')) return 'llama-cpp';
  return 'app';
}

/** All files below `folder`, sorted, with "/" between the parts of a path. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

function describe(folder: string, path: string): ReleaseFile {
  const content = readFileSync(join(folder, path));
  const mediaType = mediaTypes[extname(path)];
  // The type decides what a browser makes of it; a guess would be found out by a visitor.
  if (mediaType === undefined) throw new Error(`The build has a file of an unknown kind: ${path}`);
  return {
    path,
    bytes: content.length,
    sha256: sha256(content),
    part: partOf(path, content.length),
    mediaType,
    policy: policyNameOf(path),
  };
}

/** @param folder of the finished build */
export function describeRelease(folder: string, version: string): Release {
  const files = filesBelow(folder)
    .filter((path) => !leftOut.test(path))
    .map((path) => describe(folder, path));
  const headers = Object.fromEntries(policyNames.map((name) => [name, headersOf(name)]));
  const build = sha256(JSON.stringify({ version, files, headers })).slice(0, 12);
  return { build, version, files, headers };
}
