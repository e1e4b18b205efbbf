/** Holds the catalog's data against its contract and against arithmetic. */
import { afterEach, describe, expect, it } from 'vitest';
import type { CatalogEntry, ThinkingMode } from '../../src/shared/domain/catalog';
import type { Words } from '../../src/shared/domain/languages';
import { entries, families } from '../../src/models/catalog/catalog-data';
import { modelTasks } from '../../src/models/catalog/catalog-filters';
import { withProjector } from '../../src/models/catalog/with-projector';
import { entryName, traitsOfEntry } from '../../src/models/model-traits';
import { purposeOf } from '../../src/shared/domain/model-purpose';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';

const wasmMemoryBytes = 4 * 1024 ** 3;
const thinkingModes: readonly ThinkingMode[] = ['none', 'always', 'switchable'];
const gguf = entries.filter(({ format }) => format === 'gguf');

/** Bits per weight, from the quantization itself to what small models have on average, whose embeddings weigh more. */
const bitsPerWeight: Readonly<Record<string, readonly [number, number]>> = {
  Q2_K: [2.6, 3.4],
  // Rows that are no multiple of 256 fall back to Q5_0 and Q8_0, which are slow on the CPU: the average then passes 6.
  Q4_K_M: [4.8, 5.9],
  // Qwen's own files hold the embeddings twice, which makes 7.6 of 6.6.
  Q6_K: [6.5, 7.7],
  Q8_0: [8.4, 8.7],
  q4f16_1: [4.5, 5],
  q4f32_1: [5, 5.5],
};

/** Words in both languages: whole sentences, and each in its own script. */
function expectWords(words: Words): void {
  const { 'zh-CN': inChinese = '' } = words;
  expect(words.en).toMatch(/^[A-Z][^\u4e00-\u9fff]{15,}\.$/);
  expect(words.en).not.toMatch(/ {2}|'/);
  expect(inChinese).toMatch(/^.{6,}。$/);
  const chinese = inChinese.match(/[\u4e00-\u9fff]/g)?.length ?? 0;
  const letters = inChinese.match(/[A-Za-z]/g)?.length ?? 0;
  expect(chinese).toBeGreaterThan(letters);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Every field that an entry may have; a misspelt optional one would be lost without a word. */
const fields: readonly (keyof CatalogEntry)[] = [
  'id',
  'model',
  'maker',
  'family',
  'title',
  'goodFor',
  'tasks',
  'thinking',
  'parameters',
  'quantization',
  'contextTokens',
  'license',
  'format',
  'repository',
  'revision',
  'file',
  'architecture',
  'projector',
  'projectorBytes',
  'optionalProjector',
  'libraryUrl',
  'bytes',
  'memoryBytes',
  'needsF16',
  'largestTensorBytes',
  'kvBytesPerToken',
  'sources',
];

describe('families', () => {
  afterEach(() => overwriteGetLocale(() => 'en'));

  it('are each there once, with entries of their own', () => {
    const ids = families.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...new Set(entries.map(({ family }) => family))].sort()).toEqual([...ids].sort());
  });

  it.each(families)('$id tells its origin, years and alignment', (family) => {
    const { name, origin, alignment, released, firstReleased = released, ...rest } = family;
    expect(Object.keys(rest).filter((key) => key !== 'basedOn')).toEqual(['id', 'maker']);
    for (const year of [firstReleased, released]) expect(String(year)).toMatch(/^202\d$/);
    expect(name.length).toBeGreaterThan(2);
    expectWords(origin);
    expectWords(alignment);
    const [entry] = entries.filter((one) => one.family === family.id);
    for (const locale of ['en', 'zh-CN'] as const) {
      overwriteGetLocale(() => locale);
      const told = entry && traitsOfEntry(entry, family, null).origin;
      expect(told).toContain(origin[locale]);
      expect(told?.match(/20\d\d/g)?.map(Number)).toEqual([...new Set([firstReleased, released])]);
      expect(told).toContain(family.basedOn ?? '');
    }
  });

  it('name their maker, and so do their entries', () => {
    const qwen = families.filter(({ maker }) => maker === 'qwen').map(({ id }) => id);
    expect(qwen.slice(0, 5)).toEqual(['qwen3', 'qwen3.5', 'qwen2.5', 'qwen2.5-coder', 'qwen2.5-math']);
    expect(qwen.slice(5)).toEqual(['qwen3-vl', 'qwen2.5-vl', 'qwen3-asr', 'qwen3-embedding']);
    for (const { family, maker } of entries) expect(families.find(({ id }) => id === family)?.maker).toBe(maker);
  });

  it('are the ones people ask for', () => {
    expect(families.map(({ id }) => id).sort()).toEqual([
      'deepseek-r1-distill',
      'gemma',
      'glm-edge',
      'hunyuan',
      'llama-3.2',
      'minicpm',
      'qwen2.5',
      'qwen2.5-coder',
      'qwen2.5-math',
      'qwen2.5-vl',
      'qwen3',
      'qwen3-asr',
      'qwen3-embedding',
      'qwen3-vl',
      'qwen3.5',
      'smollm2',
      'smolvlm2',
    ]);
  });
});

describe('entries', () => {
  it('have ids of one form, each once', () => {
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    for (const { id, model, quantization } of entries) {
      expect(id).toMatch(/^[a-z][a-z0-9.]*(-[a-z0-9._]+)+$/);
      expect(id).toBe(`${model}-${quantization.toLowerCase()}`);
    }
  });

  it.each(entries)('$id has what the contract wants', (entry) => {
    expect(Object.keys(entry).filter((key) => !fields.includes(key as keyof CatalogEntry))).toEqual([]);
    expectWords(entry.goodFor);
    expect(entry.title).toMatch(/\d/);
    expect(entry.tasks.length).toBeGreaterThan(0);
    for (const task of entry.tasks) expect(modelTasks).toContain(task);
    expect(thinkingModes).toContain(entry.thinking);
    for (const count of [entry.parameters, entry.contextTokens, entry.bytes, entry.memoryBytes])
      expect(isCount(count)).toBe(true);
    expect(entry.contextTokens).toBeGreaterThanOrEqual(2048);
    expect(entry.license).toMatch(/^(Apache-2\.0|MIT|.+ (License|Terms of Use))$/);
    expect(entry.repository).toMatch(/^[\w-]+\/[\w.-]+$/);
    expect(entry.revision).toBe('main');
  });

  it.each(entries)('$id has a size that its parameters explain', (entry) => {
    const { bytes, parameters, quantization, memoryBytes, projectorBytes = 0 } = entry;
    const [least, most] = bitsPerWeight[quantization] ?? [0, 0];
    const bits = ((bytes - projectorBytes) * 8) / parameters;
    expect(bits).toBeGreaterThanOrEqual(least);
    expect(bits).toBeLessThanOrEqual(most);
    expect(memoryBytes).toBeGreaterThan(bytes);
    expect(memoryBytes).toBeLessThan(bytes * 1.6 + 1.7e9);
  });

  it.each(entries)('$id says where each of its figures is from', (entry) => {
    const figures = ['parameters', 'contextTokens', 'bytes', 'memoryBytes', 'largestTensorBytes', 'kvBytesPerToken'];
    const there = figures.filter((figure) => figure in entry);
    expect(Object.keys(entry.sources).sort()).toEqual([...there].sort());
    for (const source of Object.values(entry.sources))
      expect(['repository', 'config', 'card', 'webllm', 'estimate']).toContain(source);
    // WebLLM states the memory of its own models only; `catalog-mlc.test.ts` holds the figures against it.
    expect(entry.sources.memoryBytes).toBe(entry.format === 'mlc' ? 'webllm' : 'estimate');
    // A round million is nobody's file.
    if (entry.bytes % 100_000 === 0) expect(entry.sources.bytes).toBe('estimate');
  });

  it('have the window and license that their makers publish', () => {
    const glm = entries.find(({ family }) => family === 'glm-edge');
    expect(glm).toMatchObject({ contextTokens: 8192, license: 'GLM-4 License' });
  });

  it('count the tokenizer: that of Gemma 3 alone has 38 MB', () => {
    const gemma = entries.find(({ title }) => title === 'Gemma 3 1B');
    expect(gemma?.bytes).toBeGreaterThan((999_885_952 * 4.5) / 8 + 38e6);
  });

  it('think as their families do, and are licensed as their makers say', () => {
    for (const { family, title, thinking, license } of entries) {
      if (family === 'deepseek-r1-distill') expect([thinking, license]).toEqual(['always', 'MIT']);
      else if (/^(qwen3|qwen3\.5|hunyuan|minicpm)$/.test(family)) expect(thinking).toBe('switchable');
      else expect(thinking).toBe('none');
      if (family.startsWith('qwen')) expect(license).toBe(/ 3B /.test(title) ? 'Qwen Research License' : 'Apache-2.0');
    }
  });
});

describe('GGUF entries', () => {
  it.each(gguf)('$id fits into a WebAssembly memory, with its cache', (entry) => {
    expect(entry.memoryBytes).toBeLessThan(wasmMemoryBytes);
    // llama.cpp itself takes 128 MiB.
    expect(entry.memoryBytes - entry.bytes).toBeGreaterThan(128 * 1024 ** 2);
  });

  it.each(gguf)('$id is of a quantization that is fast on the CPU', (entry) => {
    // Q2_K only where nothing larger has room.
    // What is small, or is no good with fewer bits, keeps 8.
    const exact = entry.parameters < 0.8e9 && !entry.tasks.includes('reasoning') && entry.family !== 'qwen3.5';
    const allowed = entry.parameters > 7e9 ? ['Q2_K'] : exact ? ['Q8_0'] : ['Q4_K_M', 'Q6_K'];
    expect(allowed).toContain(entry.quantization);
    expect(entry.needsF16).toBe(false);
    expect(entry.libraryUrl).toBeUndefined();
    expect(entry.file?.toLowerCase()).toMatch(new RegExp(`[-.]${entry.quantization.toLowerCase()}\\.gguf$`));
    expect(entry.repository.toLowerCase()).toMatch(/gguf$/);
  });

  it('are not of models whose rows K-quants do not divide', () => {
    // Widths of 896, 960 and 1152.
    for (const { title } of gguf) expect(title).not.toMatch(/Qwen2\.5(-Coder)? 0\.5B|SmolLM2 (135|360)M|Gemma 3 1B/);
  });

  it('come with Q4_K_M first', () => {
    const common = gguf.filter(({ parameters, quantization }) => parameters < 7e9 && quantization !== 'Q8_0');
    for (const { title, quantization } of common) {
      const first = gguf.find((other) => other.title === title);
      expect(first?.quantization, `${title} ${quantization}`).toBe('Q4_K_M');
    }
  });
});

it('the catalog has every model it is meant to have, for the engines that can run it', () => {
  const formats = (title: string): string =>
    [...new Set(entries.filter((entry) => entry.title.startsWith(title)).map(({ format }) => format))].join('+');
  const wanted = {
    mlc: ['Qwen2.5 0.5B', 'Qwen2.5 7B', 'Qwen2.5-Coder 0.5B', 'Qwen2.5-Coder 7B', 'Qwen3 8B', 'SmolLM2 360M'],
    gguf: ['DeepSeek-R1 Distill Qwen 1.5B', 'DeepSeek-R1-0528 Qwen3 8B', 'GLM-Edge', 'MiniCPM', 'Hunyuan'],
    'gguf+mlc': ['Qwen2.5 1.5B', 'Qwen2.5 3B', 'Qwen2.5-Coder 1.5B', 'Qwen2.5-Coder 3B', 'Qwen2.5-Math 1.5B'],
  };
  const more = ['Qwen3 0.6B', 'Qwen3 1.7B', 'Qwen3 4B', 'Qwen3.5 0.8B', 'Qwen3.5 2B', 'Qwen3.5 4B', 'Llama 3.2 1B'];
  more.push('Llama 3.2 3B', 'Gemma 2 2B', 'SmolLM2 1.7B');
  for (const title of [...wanted.mlc, 'DeepSeek-R1 Distill Qwen 7B', 'Gemma 3 1B']) expect(formats(title)).toBe('mlc');
  for (const title of wanted.gguf) expect(formats(title)).toBe('gguf');
  for (const title of [...wanted['gguf+mlc'], ...more]) expect(formats(title), title).toBe('gguf+mlc');
});

describe('entries that see, hear or search', () => {
  const senses = entries.filter(({ projector, optionalProjector }) => projector ?? optionalProjector);

  it.each(senses)('$id brings a projector of its own repository that gives it what its tasks say', (entry) => {
    const projector = entry.projector ?? entry.optionalProjector;
    expect(entry.format).toBe('gguf');
    expect(projector?.file).toMatch(/^mmproj-.*(Q8_0|F16)\.gguf$/);
    expect(projector?.bytes).toBeGreaterThan(50e6);
    expect([projector?.sees, projector?.hears]).toEqual([
      entry.tasks.includes('vision'),
      entry.tasks.includes('speech'),
    ]);
  });

  it('count a projector that always comes, and leave out one that need not', () => {
    const [must] = senses.filter(({ projector }) => projector);
    const [may] = senses.filter(({ optionalProjector }) => optionalProjector);
    if (!must?.projector || !may?.optionalProjector) throw new Error('there is one of each');
    expect(must.projectorBytes).toBe(must.projector.bytes);
    expect(must.memoryBytes).toBeGreaterThan(must.bytes);
    expect(may.projectorBytes).toBeUndefined();
    const seeing = withProjector(may);
    expect(seeing.bytes).toBe(may.bytes + may.optionalProjector.bytes);
    expect(seeing.memoryBytes).toBeGreaterThan(may.memoryBytes + may.optionalProjector.bytes);
    expect(withProjector(seeing)).toBe(seeing);
  });

  it('are told apart from what is talked to by their names, as they will be in the store', () => {
    for (const entry of entries) {
      const { projector } = entry;
      const purpose = purposeOf({
        name: entryName(entry),
        ...(projector && { projector: { path: projector.file, sees: projector.sees, hears: projector.hears } }),
      });
      const [task] = entry.tasks;
      expect(purpose, entry.id).toBe(task === 'embedding' ? 'embedding' : task === 'speech' ? 'transcription' : 'chat');
      if (purpose !== 'chat') expect(entry.tasks, entry.id).toHaveLength(1);
    }
  });
});
