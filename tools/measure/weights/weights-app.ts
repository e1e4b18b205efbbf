/** The app as it is shipped, but for two things: it may also fetch from the hub of the tests, and it lies in a folder of its own. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview, type Plugin, type PreviewServer } from 'vite';
import { exposedWebLlm } from './web-llm-caches';

const port = 4276;
const hostsVariable = 'SOTTO_WEIGHT_HOSTS';

export interface WeightsApp {
  readonly origin: string;
  /** Path of the weights worker's script. */
  readonly worker: string;
  close(): Promise<void>;
}

const empty = '<!doctype html><title>empty</title>';
const webLlm = `${empty}<script type="module" src="/measure/web-llm.js"></script>`;

/** Pages of the app's origin, isolated like the app, without its policy of which scripts may start workers. */
const emptyPages: Plugin = {
  name: 'sotto:empty-pages',
  configurePreviewServer: ({ middlewares }) => {
    middlewares.use('/measure', (request, response) => {
      response.removeHeader('Content-Security-Policy');
      const isScript = request.url === '/web-llm.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? exposedWebLlm() : request.url === '/web-llm' ? webLlm : empty);
    });
  },
};

/** Never `dist`: what lies there must not allow localhost without saying so. */
export async function serveWeightsApp(): Promise<WeightsApp> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-weights-app-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const server = await buildAndServe(folder);
    const worker = readdirSync(join(folder, 'weights-worker')).find((name) => /^weights\.worker-.*\.js$/.test(name));
    if (worker === undefined) throw new Error('the build has no weights worker');
    const close = async (): Promise<void> => {
      await server.close();
      await remove();
    };
    return { origin: `http://localhost:${port}`, worker: `/weights-worker/${worker}`, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function buildAndServe(folder: string): Promise<PreviewServer> {
  const before = process.env[hostsVariable];
  // Read when Vite reads its configuration, for the build and for the server.
  process.env[hostsVariable] = 'http://localhost:*';
  try {
    const shared = { logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } } as const;
    await build(shared);
    return await preview({ ...shared, plugins: [emptyPages], preview: { port, strictPort: true } });
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, hostsVariable);
    else process.env[hostsVariable] = before;
  }
}
