/**
 * Compares builds of llama.cpp on the same files: the wllama this app ships, an older wllama, and native llama.cpp.
 *
 *   npm install --prefix <folder> --ignore-scripts wllama-2.4.0@npm:@wllama/wllama@2.4.0 @wllama/wllama-compat@3.8.1 node-llama-cpp@3.22.1
 *   node tools/measure/engine-comparison.mjs --packages <folder>/node_modules [--only Qwen3] [--repeats 3] [--quiet <pid>]
 *
 * `--engines` takes a list like `wllama 3.8.1; wllama 3.8.1 {"flash_attn":false}; wllama 2.4.0; wllama 3.8.1 compat; native`.
 * The models have the shapes of real ones and random weights, so nothing is downloaded; they are kept in a temporary folder.
 * `--quiet` names a process that is stopped, with all it has started, for the seconds in which something is being timed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';
import { quiet, quietMilliseconds, unquiet } from './quiet-time.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const { values: options } = parseArgs({
  options: {
    packages: { type: 'string' },
    models: { type: 'string', default: join(tmpdir(), 'sotto-measure-models') },
    only: { type: 'string', default: '' },
    engines: { type: 'string', default: 'wllama 3.8.1; wllama 2.4.0; native' },
    threads: { type: 'string', default: '1,2' },
    repeats: { type: 'string', default: '3' },
    depth: { type: 'string', default: '1' },
    batch: { type: 'string', default: '128' },
    quiet: { type: 'string', default: '' },
  },
});
if (!options.packages) throw new Error('--packages is needed: see the head of this file');

const cases = [
  ['guide', 'F32', 129, 128],
  ['guide', 'F16', 129, 128],
  ['guide', 'Q8_0', 129, 128],
  ['guide', 'Q6_K', 129, 128],
  ['guide', 'Q4_K', 129, 128],
  ['Qwen3 slice', 'Q4_K_M', 65, 24],
  ['Qwen2.5-0.5B', 'Q4_K_M', 33, 12],
  ['Qwen2.5-0.5B', 'Q8_0', 33, 12],
  ['Qwen3-0.6B', 'Q4_K_M', 33, 12],
  ['Qwen3-0.6B', 'Q8_0', 33, 12],
].filter((one) => one.join(' ').includes(options.only));

async function modelFile(shape, quantisation) {
  mkdirSync(options.models, { recursive: true });
  const file = join(options.models, `${shape}-${quantisation}.gguf`);
  if (existsSync(file)) return file;
  const { module } = await runnerImport(join(root, 'tests/fixtures/synthetic-gguf.ts'));
  const handle = openSync(`${file}.part`, 'w');
  for (const piece of module.randomModel({ shape: module.shapes[shape], quantisation })) writeSync(handle, piece);
  closeSync(handle);
  renameSync(`${file}.part`, file);
  return file;
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const folders = {
  '/app': join(root, 'node_modules'),
  '/packages': options.packages,
  '/models': options.models,
  '/here': here,
};
const server = createServer((request, response) => {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  const folder = Object.keys(folders).find((name) => path.startsWith(`${name}/`));
  if (!folder) return response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Measuring</title>');
  const file = join(folders[folder], path.slice(folder.length));
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': statSync(file).size,
  });
  createReadStream(file).pipe(response);
}).listen(0);
await once(server, 'listening');
const address = `http://localhost:${server.address().port}`;

const { module: browserModule } = await runnerImport(join(root, 'tools/browser/find-browsers.ts'));
const browser = await chromium.launch({
  executablePath: browserModule.findChromium(),
  args: browserModule.chromiumFlags,
});

/** An engine that has loaded the model, behind one question at a time. */
async function openEngine(engine, file, threads) {
  const batch = Number(options.batch);
  if (engine === 'native') {
    const child = fork(join(here, 'engine-comparison-native.mjs'), [options.packages]);
    const ask = async (verb, argument) => {
      child.send({ verb, argument });
      const [reply] = await once(child, 'message');
      if (reply.error) throw new Error(`${engine}: ${reply.error}`);
      return reply.value;
    };
    return { ...(await ask('open', { file, threads, batch })), ask, close: () => child.kill() };
  }
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(() => (window.worker = new Worker('/here/engine-comparison-worker.mjs', { type: 'module' })));
  const ask = async (verb, argument) => {
    const reply = await page.evaluate(
      (message) =>
        new Promise((resolve) => {
          window.worker.onmessage = ({ data }) => resolve(data);
          window.worker.onerror = ({ message: error }) => resolve({ error: error ?? 'the worker did not start' });
          window.worker.postMessage(message);
        }),
      { verb, argument },
    );
    if (reply.error) throw new Error(`${engine}: ${reply.error}`);
    return reply.value;
  };
  const older = engine.startsWith('wllama 2.') ? `${address}/packages/${engine.replace(' ', '-')}` : undefined;
  const packages = `${address}/app`;
  const compat = engine.includes('compat') ? `${address}/packages/@wllama/wllama-compat` : undefined;
  const model = `${address}/models/${encodeURIComponent(file.slice(options.models.length + 1))}`;
  const opened = await ask('open', {
    packages,
    older,
    compat,
    address: model,
    threads,
    batch,
    load: JSON.parse(/\{.*/.exec(engine)?.[0] ?? '{}'),
  });
  return { ...opened, ask, close: () => page.close() };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

console.log(`${new Date().toISOString()} ${browser.version()}`);
console.log(
  '| model | type | threads | engine | load ms | prefill tok/s | decode tok/s | decode / native |\n|---|---|---|---|---|---|---|---|',
);
for (const [shape, quantisation, prefill, decode] of cases) {
  const file = await modelFile(shape, quantisation);
  for (const threads of options.threads.split(',').map(Number)) {
    const engines = [];
    for (const name of options.engines.split(/; */))
      engines.push({ name, prefills: [], decodes: [], ...(await openEngine(name, file, threads)) });
    // Interleaved, so that a slow minute of the machine hits all alike; the first round only warms up.
    for (let round = 0; round <= Number(options.repeats); round += 1) {
      for (const engine of round % 2 ? engines : engines.toReversed()) {
        if (round > 0) quiet(Number(options.quiet));
        const times = [
          await engine.ask('prefill', round ? prefill : 5),
          await engine.ask('decode', [Number(options.depth), round ? decode : 2]),
        ];
        unquiet();
        if (round === 0) continue;
        engine.prefills.push((prefill * 1000) / times[0]);
        engine.decodes.push((decode * 1000) / times[1]);
      }
    }
    const native = engines.find(({ name }) => name === 'native');
    for (const { name, loadMs, prefills, decodes } of engines) {
      const ratio = native ? (median(decodes) / median(native.decodes)).toFixed(2) : '';
      console.log(
        `| ${shape} | ${quantisation} | ${threads} | ${name} | ${loadMs.toFixed(0)} | ${median(prefills).toFixed(1)} | ${median(decodes).toFixed(1)} | ${ratio} |`,
      );
    }
    for (const engine of engines) await engine.close();
  }
}
if (quietMilliseconds() > 0) console.log(`Other work was stopped for ${(quietMilliseconds() / 1000).toFixed(0)} s.`);
await browser.close();
server.close();
