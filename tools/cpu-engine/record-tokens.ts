/**
 * Records what llama.cpp makes of the hard texts, for the test of the engine's own tokenizers.
 * npx rolldown tools/cpu-engine/record-tokens.ts --platform node -o /tmp/record-tokens.mjs && node /tmp/record-tokens.mjs /tmp/native tests/fixtures/native-tokens.json
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ggufPieces, type MetadataEntry } from '../../tests/fixtures/gguf-writer';
import { hardTexts } from '../../tests/fixtures/hard-texts';
import { bytePairEntries, sentencePieceEntries } from '../../tests/fixtures/small-vocabulary';

interface NativeModel {
  tokenize(text: string, special: boolean): readonly number[];
  isEogToken(token: number): boolean;
  readonly tokens: { readonly shouldPrependBosToken: boolean };
}
interface NativeLibrary {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<NativeModel> }>;
}

const [native = '/tmp/native', target = 'native-tokens.json'] = process.argv.slice(2);
const address = pathToFileURL(path.join(native, 'node_modules/node-llama-cpp/dist/index.js')).href;
const { getLlama } = (await import(address)) as NativeLibrary;

const bytePairs = ['qwen2', 'qwen35', 'llama-bpe', 'smollm', 'deepseek-r1-qwen', 'smaug-bpe', 'gpt-2', 'default'];
const vocabularies: readonly (readonly [string, readonly MetadataEntry[]])[] = [
  ...bytePairs.map((pre) => [pre, bytePairEntries(pre)] as const),
  ['llama', sentencePieceEntries()],
];
/** What llama.cpp wants to know before it looks at the vocabulary. */
const architecture: readonly MetadataEntry[] = [
  { key: 'general.architecture', text: 'qwen2' },
  { key: 'qwen2.context_length', u32: 1024 },
  { key: 'qwen2.embedding_length', u32: 64 },
  { key: 'qwen2.block_count', u32: 1 },
  { key: 'qwen2.feed_forward_length', u32: 64 },
  { key: 'qwen2.attention.head_count', u32: 1 },
  { key: 'qwen2.attention.layer_norm_rms_epsilon', f32: 1e-6 },
];

const folder = mkdtempSync(path.join(tmpdir(), 'tokens-'));
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
const recorded: Record<string, unknown> = {};
for (const [name, entries] of vocabularies) {
  const file = path.join(folder, `${name}.gguf`);
  writeFileSync(file, Buffer.concat([...ggufPieces([...architecture, ...entries], [])]));
  const model = await llama.loadModel({ modelPath: file, vocabOnly: true });
  const tokens = entries.find((entry) => entry.key === 'tokenizer.ggml.tokens');
  const size = tokens && 'texts' in tokens ? tokens.texts.length : 0;
  recorded[name] = {
    ends: Array.from({ length: size }, (_, token) => token).filter((token) => model.isEogToken(token)),
    addsStart: model.tokens.shouldPrependBosToken,
    special: hardTexts.map((text) => [...model.tokenize(text, true)].join(' ')),
    plain: hardTexts.map((text) => [...model.tokenize(text, false)].join(' ')),
  };
}
writeFileSync(target, JSON.stringify(recorded));
process.exit();
