/**
 * The document in which Mermaid turns a model's words into SVG: an origin of its own and no network. It has no code of Mermaid,
 * and could not fetch it, as it belongs to no origin: the page sends it along with the words. What comes out is as hostile as
 * what went in, and is shown like any SVG of a model (`preview-frame.ts`).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { guardLoops } from './guard-loops.ts';

const folder = 'diagram';
const scriptName = `${folder}/mermaid.js`;
const frameName = `${folder}/frame.html`;

/** Only a script that runs already can make an address of the kind that the policy allows. */
const script = `
addEventListener('message', ({ data, source }) => {
  if (source !== parent || typeof data !== 'object' || data === null || typeof data.code !== 'string') return;
  globalThis.diagramOrder = data.order;
  globalThis.onOverdue = () => {
    parent.postMessage({ type: 'endless' }, '*');
    // What it breaks off is no news.
    for (const type of ['error', 'unhandledrejection']) addEventListener(type, (event) => event.preventDefault());
  };
  const address = URL.createObjectURL(new Blob([data.code], { type: 'text/javascript' }));
  // Mermaid hands HTML to the document in many places: it can run nothing here, load nothing and lead nowhere. And menus of a
  // sequence diagram have handlers as text, which become nothing.
  globalThis.trustedTypes?.createPolicy('default', { createHTML: (text) => text, createScript: () => '' });
  const policy = globalThis.trustedTypes?.createPolicy('diagram', { createScriptURL: () => address });
  const element = document.createElement('script');
  element.src = policy ? policy.createScriptURL('') : address;
  document.head.append(element);
}, { once: true });
`;

export const diagramRules: readonly string[] = [
  `default-src 'none'`,
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' blob:`,
  `style-src 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `require-trusted-types-for 'script'`,
  // DOMPurify, inside of Mermaid, brings one of its own.
  `trusted-types diagram default dompurify`,
];

const html = `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${diagramRules.join('; ')}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<script>${script}</script>
</head>
<body></body>
</html>
`;

/** ELK is a third of Mermaid, for somewhat straighter lines: what asks for its layout gets the usual one. */
const withoutElk: Plugin = {
  name: 'sotto:without-elk',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!/^\.\/elk-\w+\.mjs$/.test(source) || importer === undefined) return null;
    const usual = /import\("(\.\/dagre-\w+\.mjs)"\)/.exec(readFileSync(importer, 'utf8'))?.[1];
    if (usual === undefined) throw new Error('Mermaid names its layouts differently now');
    return this.resolve(usual, importer);
  },
};

const root = join(import.meta.dirname, '../..');

/** @param alsoPlugins what every bundle of the app goes through */
async function buildScript(alsoPlugins: readonly Plugin[]): Promise<string> {
  const output = (await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      ...alsoPlugins,
      withoutElk,
      { name: 'sotto:guard-loops', renderChunk: (code) => ({ code: guardLoops(code), map: null }) },
    ],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: join(root, 'src/chat/diagram/draw-in-frame.ts'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })) as Rolldown.RolldownOutput;
  const [chunk, ...others] = output.output;
  // The frame gets one script, and can load no other.
  if (others.length > 0) throw new Error(`${scriptName} is not one file`);
  return chunk.code;
}

/** @param alsoPlugins for the script that is made here, which is no part of the page's bundle */
export function diagramFrame(alsoPlugins: readonly Plugin[]): Plugin {
  let building: Promise<string> | undefined;
  const built = (): Promise<string> => (building ??= buildScript(alsoPlugins));
  return {
    name: 'sotto:diagram-frame',
    configureServer(server) {
      server.middlewares.use(`/${frameName}`, (_, response) => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html);
      });
      server.middlewares.use(`/${scriptName}`, (_, response, next) => {
        built().then((code) => response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(code), next);
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: frameName, source: html });
      this.emitFile({ type: 'asset', fileName: scriptName, source: await built() });
    },
  };
}
