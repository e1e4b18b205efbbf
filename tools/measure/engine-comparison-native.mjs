/** The same two questions to native llama.cpp, in a process of its own: `node engine-comparison-native.mjs <packages folder>`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { getLlama, LlamaLogLevel } = await import(
  pathToFileURL(join(process.argv[2], 'node-llama-cpp/dist/index.js')).href
);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
  maxThreads: 0,
});

let sequence;
let word;

const verbs = {
  async open({ file, threads, batch, contextTokens = 512 }) {
    const started = performance.now();
    const model = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
    const context = await model.createContext({ contextSize: contextTokens, threads, batchSize: batch });
    sequence = context.getSequence();
    word = model.tokenize('a')[0];
    return { loadMs: performance.now() - started, threads: context.currentThreads };
  },
  /** Bytes of this process that are in memory, the file's that are mapped included. */
  memory: () => process.memoryUsage.rss(),
  async prefill(tokens) {
    await sequence.clearHistory();
    const from = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(new Array(tokens).fill(word));
    return performance.now() - from;
  },
  async decode([depth, tokens]) {
    await sequence.clearHistory();
    const stamps = [];
    for await (const token of sequence.evaluate(new Array(depth).fill(word), { temperature: 0, yieldEogToken: true })) {
      stamps.push(performance.now());
      if (stamps.length > tokens) break;
      void token;
    }
    return ((stamps.at(-1) - stamps[0]) / (stamps.length - 1)) * tokens;
  },
};

process.on('message', async ({ verb, argument }) => {
  try {
    process.send({ value: await verbs[verb](argument) });
  } catch (error) {
    process.send({ error: String(error?.message ?? error) });
  }
});
