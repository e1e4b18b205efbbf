/**
 * Builds `workers/service-worker.ts` when all other files are written, with the list of them in it. Not by vite-plugin-pwa:
 * that brings more than 300 packages, knows MD5 at best where this needs SHA-256, and does the same second build.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { headersFile } from './headers-file.ts';
import { describeRelease, filesBelow } from './release.ts';

const root = join(import.meta.dirname, '../..');
const fileName = 'service-worker.js';
const buildMark = '<meta name="sotto-build" content="" />';

/** The page must know which version it is, to tell it from the one that the service worker has. */
function markPage(folder: string, id: string): void {
  const page = join(folder, 'index.html');
  const html = readFileSync(page, 'utf8');
  if (!html.includes(buildMark)) throw new Error(`index.html has no ${buildMark}`);
  writeFileSync(page, html.replace(buildMark, buildMark.replace('""', `"${id}"`)));
}

async function buildServiceWorker(release: unknown, check: Plugin): Promise<string> {
  const output = (await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [check],
    define: { __RELEASE__: JSON.stringify(release) },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(root, 'workers/service-worker.ts'),
        output: { format: 'iife', entryFileNames: fileName },
      },
    },
  })) as Rolldown.RolldownOutput;
  const [chunk, ...others] = output.output;
  // A service worker that imports something would be fetched in pieces, of which one may be missing offline.
  if (others.length > 0) throw new Error(`${fileName} is not one file`);
  return chunk.code;
}

/** @param check looks at what is in the service worker */
export function serviceWorker(check: Plugin): Plugin {
  let folder = '';
  let version = '';
  let failed = false;
  return {
    name: 'sotto:service-worker',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) folder = config.build.outDir;
      version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
    },
    buildEnd: (error) => {
      failed = error !== undefined;
    },
    renderError: () => {
      failed = true;
    },
    closeBundle: {
      sequential: true,
      async handler() {
        // Called after a failed build, too: what it would find in the folder is of another build, and hide the failure.
        if (failed) return;
        const { build: id } = describeRelease(folder, version);
        markPage(folder, id);
        const release = { ...describeRelease(folder, version), build: id };
        writeFileSync(join(folder, fileName), await buildServiceWorker(release, check));
        writeFileSync(join(folder, '_headers'), headersFile(filesBelow(folder)));
      },
    },
  };
}
