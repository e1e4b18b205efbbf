/** Serves a built app like a plain static host, and counts what it was asked for. */
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { AddressInfo } from 'node:net';
import { securityHeaders } from '../../tools/build/security-headers';

const testBuild = join(import.meta.dirname, '../../dist-test');

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticServer {
  readonly origin: string;
  /** Where the app is: the origin, with the folder and "/" at its end. */
  readonly address: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** Serves another build from now on, as after a deployment. */
  deploy(folder: string): void;
  /** Answers at once again what was slow. */
  hurry(): void;
  /** Answers what would be this path with this text instead, as a captive portal does; null for the file again. */
  replace(path: string, text: string | null): void;
  /** Breaks off in the middle of these paths; null for none. */
  cut(paths: RegExp | null): void;
  close(): Promise<void>;
}

interface Host {
  /** Of the build. */
  readonly folder?: string;
  /** The path that the app lies under, with "/" at both ends. */
  readonly base?: string;
  /** `not-isolated`: a host that cannot send COOP and COEP; the policy is sent all the same. `none`: no header at all. */
  readonly headers?: 'all' | 'not-isolated' | 'none';
  /** Put before the scripts of workers, which no driver reaches. */
  readonly inWorkers?: string;
  /** Paths that are not answered until `hurry`. */
  readonly slow?: RegExp;
  /** 0 for any free one. */
  readonly port?: number;
}

export async function startStaticServer({
  folder = testBuild,
  base = '/',
  headers = 'all',
  inWorkers = '',
  slow,
  port = 0,
}: Host = {}): Promise<StaticServer> {
  const requests: string[] = [];
  const replaced = new Map<string, string>();
  let deployed = folder;
  let cut: RegExp | null = null;
  let hurry: () => void = () => undefined;
  const fast = new Promise<void>((resolve) => (hurry = resolve));
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(pathname);
    const path = pathname.startsWith(base) ? normalize(pathname.slice(base.length)) : null;
    if (headers !== 'none') {
      for (const [name, value] of Object.entries(securityHeaders(path ?? ''))) {
        if (headers === 'all' || !name.startsWith('Cross-Origin-')) response.setHeader(name, value);
      }
    }
    // What the page does not hold by itself when the network goes, it does not have.
    response.setHeader('Cache-Control', 'no-store');
    const name = path === '.' || path === '' ? 'index.html' : path;
    const text = name === null ? undefined : replaced.get(name);
    if (text !== undefined) {
      response.setHeader('Content-Type', 'text/html').end(text);
      return;
    }
    if (name === null) {
      response.writeHead(404).end();
      return;
    }
    const ready = slow?.test(name) ? fast : Promise.resolve();
    ready
      .then(() => readFile(join(deployed, name)))
      .then(
        (file) => {
          const body = /^[a-z]+-worker\//.test(name) ? Buffer.concat([Buffer.from(inWorkers), file]) : file;
          response.setHeader('Content-Type', types[extname(name)] ?? 'application/octet-stream');
          if (!cut?.test(name)) return void response.end(body);
          response.setHeader('Content-Length', body.length);
          response.write(body.subarray(0, body.length / 2), () => response.destroy());
        },
        () => response.writeHead(404).end(),
      );
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    address: origin + base,
    requests,
    hurry: () => hurry(),
    deploy: (next) => (deployed = next),
    cut: (paths) => (cut = paths),
    replace: (path, text) => void (text === null ? replaced.delete(path) : replaced.set(path, text)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
