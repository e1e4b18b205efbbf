/** Serves what a bare engine needs, to any browser: an empty isolated page, the scripts of the build, and models made up here. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Where the empty page and the models are. */
export const pagePath = '/bare';
export const modelPath = '/measured-model/';

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The kernels without relaxed SIMD, as in browsers that refuse it: a page that asks for this folder's scripts gets these. */
export const fixedPrefix = '/fixed-simd';
const refuseRelaxed =
  'const validate = WebAssembly.validate; WebAssembly.validate = (bytes) => bytes.length !== 52 && validate(bytes);\n';

export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** @param dist the built app @param models where the files of models lie */
export async function servePages(dist: string, models: string): Promise<PageServer> {
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
      if (pathname === pagePath) {
        response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bare engine</title>');
        return;
      }
      const isFixed = pathname.startsWith(fixedPrefix);
      const path = normalize(decodeURIComponent(isFixed ? pathname.slice(fixedPrefix.length) : pathname));
      const file = path.startsWith(modelPath) ? join(models, path.slice(modelPath.length)) : join(dist, path);
      const facts = await stat(file).catch(() => null);
      if (!facts?.isFile()) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
      if (isFixed && /\/engine\.worker-/.test(path)) response.write(refuseRelaxed);
      else response.setHeader('Content-Length', facts.size);
      createReadStream(file).pipe(response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
