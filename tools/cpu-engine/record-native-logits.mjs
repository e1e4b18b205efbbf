// Asks native llama.cpp for the logits that tests/unit/cpu-logits.test.ts compares with, and writes them to
// tests/fixtures/native-logits.json. node-llama-cpp is no dependency of the project: install it in a folder of its own, and run
//
//   node tools/cpu-engine/record-native-logits.mjs <that folder>/node_modules
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runnerImport } from 'vite';

const packages = process.argv[2];
if (!packages) throw new Error('Which folder holds node-llama-cpp?');
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(join(packages, 'node-llama-cpp/dist/index.js')).href);
const root = fileURLToPath(new URL('../../', import.meta.url));
const { module } = await runnerImport(join(root, 'tests/fixtures/logit-models.ts'));
const { contextTokens, logitModelBytes, logitModels, promptLengths, promptOf } = module;

/** Tokens whose logits are kept; the others are kept as one sum. */
const mostLikely = 32;

const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logLevel: LlamaLogLevel.error });
const folder = mkdtempSync(join(tmpdir(), 'native-logits-'));
const recorded = {};
try {
  for (const [name, model] of logitModels) {
    const file = join(folder, 'model.gguf');
    writeFileSync(file, logitModelBytes(model));
    const native = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
    const context = await native.createContext({
      contextSize: contextTokens,
      threads: 1,
      flashAttention: false,
      // Floats, as the engine's own: rounded keys would hide its errors.
      experimentalKvCacheKeyType: 'F32',
      experimentalKvCacheValueType: 'F32',
    });
    const sequence = context.getSequence();
    recorded[name] = {};
    for (const length of promptLengths) {
      await sequence.clearHistory();
      const prompt = promptOf(length);
      const last = [prompt.at(-1), { generateNext: { logits: true } }];
      const results = await sequence.controlledEvaluate([...prompt.slice(0, -1), last]);
      recorded[name][length] = summary([...results.at(-1).next.logits]);
    }
    await native.dispose();
    console.log(`${name}: ${JSON.stringify(recorded[name][5].top.slice(0, 3))}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const lines = Object.entries(recorded).map(([name, prompts]) => {
  const each = Object.entries(prompts).map(([length, logits]) => `    "${length}": ${JSON.stringify(logits)}`);
  return `  ${JSON.stringify(name)}: {\n${each.join(',\n')}\n  }`;
});
writeFileSync(join(root, 'tests/fixtures/native-logits.json'), `{\n${lines.join(',\n')}\n}\n`);
process.exit();

/** The most likely tokens with the logarithms of their probabilities. */
function summary(logits) {
  const sorted = logits.map(([token, logit]) => [token, logit]).sort(([, one], [, other]) => other - one);
  const largest = sorted[0][1];
  const sum = Math.log(sorted.reduce((total, [, logit]) => total + Math.exp(logit - largest), 0)) + largest;
  const rounded = (value) => Number(value.toFixed(6));
  return { logSumExp: rounded(sum), top: sorted.slice(0, mostLikely).map(([token, logit]) => [token, rounded(logit)]) };
}
