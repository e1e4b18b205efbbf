/**
 * Writes `licenses.txt` into the build, and fails the build over what may not ship. Not by Vite's `build.license` or by a plugin for
 * Rollup: they see the modules of one bundle, neither the other workers nor fonts and WebAssembly, and they judge nothing.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin, Rolldown } from 'vite';
import { bundledParts } from './bundled-parts.ts';
import { complaints, type Part } from './judge-licenses.ts';
import { licensesText } from './licenses-text.ts';

export const licensesFile = 'licenses.txt';

const inDevelopment = [
  'A build writes the licenses of everything that it contains into this file.',
  '`npm run build` puts it into the folder `dist`.',
  '',
].join('\n');

export interface Licenses {
  /** For the bundle of the page: writes the file. */
  readonly page: Plugin;
  /** For each bundle that is made before that of the page ends, such as those of workers. */
  readonly before: () => Plugin;
  /** For what is built after the file is written: it may bring nothing that is not in the file. */
  readonly afterwards: () => Plugin;
}

/** @param root of the project */
export function licenses(root: string): Licenses {
  const modules = join(root, 'node_modules');
  const ids = new Set<string>();
  const listed = new Set<string>();

  function collect(context: Rolldown.PluginContext, bundle: Rolldown.OutputBundle): void {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') for (const id of file.moduleIds) ids.add(id);
      else for (const name of file.originalFileNames) ids.add(resolve(root, name));
    }
    // Style sheets leave their chunks before these are written.
    for (const id of context.getModuleIds()) if (/\.css(\?|$)/.test(id)) ids.add(id);
  }

  /** @throws when something may not ship */
  function judged(): readonly Part[] {
    const { parts, complaints: unknown } = bundledParts(ids, modules);
    const wrong = [...complaints(parts), ...unknown];
    if (wrong.length > 0) throw new Error(`What may not ship is in the build:\n${wrong.join('\n')}`);
    return parts;
  }

  function ownPart(): Part {
    const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Part;
    return { name: 'Sotto', version, license, address: '', texts: [readFileSync(join(root, 'LICENSE'), 'utf8')] };
  }

  return {
    page: {
      name: 'sotto:licenses',
      configureServer(server) {
        server.middlewares.use((request, response, next) => {
          if (new URL(request.url ?? '/', 'http://localhost').pathname !== `/${licensesFile}`) return next();
          response.setHeader('Content-Type', 'text/plain; charset=utf-8').end(inDevelopment);
        });
      },
      generateBundle: {
        // Other plugins add their files, and make bundles for them, in the same step.
        order: 'post',
        handler(_options, bundle) {
          collect(this, bundle);
          const parts = judged();
          for (const { name } of parts) listed.add(name);
          // The mark says UTF-8 where a host sends text without its encoding: names of authors have letters beyond ASCII.
          const source = `\uFEFF${licensesText(ownPart(), parts)}`;
          this.emitFile({ type: 'asset', fileName: licensesFile, source });
        },
      },
    },
    before: () => ({
      name: 'sotto:licenses-before',
      generateBundle(_options, bundle) {
        collect(this, bundle);
      },
    }),
    afterwards: () => ({
      name: 'sotto:licenses-afterwards',
      generateBundle(_options, bundle) {
        collect(this, bundle);
        const late = judged().filter(({ name }) => !listed.has(name));
        if (late.length > 0) this.error(`Not in ${licensesFile}: ${late.map(({ name }) => name).join(', ')}`);
      },
    }),
  };
}
