/** Holds the catalog, as it is written down, against saying anything twice, and against losing what stored models go by. */
import { describe, expect, it } from 'vitest';
import type { CatalogMaker, CatalogModel } from '../../src/shared/domain/catalog';
import type { Words } from '../../src/shared/domain/languages';
import { entries, families, models } from '../../src/models/catalog/catalog-data';
import makerList from '../../src/models/catalog/makers.json';
import modelList from '../../src/models/catalog/models.json';
import noteList from '../../src/models/catalog/notes.json';
import { british } from './message-texts';

const written = modelList as unknown as readonly CatalogModel[];
const makers: readonly CatalogMaker[] = makerList;

/** The builds of each model. Models that people have stored go by these ids: lines are added here, and none is changed. */
const builds: Readonly<Record<string, string>> = {
  'qwen3-0.6b': 'q4_k_m q6_k q4f16_1 q4f32_1',
  'qwen3-1.7b': 'q4_k_m q6_k q4f16_1 q4f32_1',
  'qwen3-4b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen3-8b': 'q4f16_1 q4f32_1',
  'qwen3.5-0.8b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen3.5-2b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen3.5-4b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen2.5-0.5b': 'q4f16_1 q4f32_1',
  'qwen2.5-1.5b': 'q4_k_m q6_k q4f16_1 q4f32_1',
  'qwen2.5-3b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen2.5-7b': 'q4f16_1 q4f32_1',
  'qwen2.5-coder-0.5b': 'q4f16_1 q4f32_1',
  'qwen2.5-coder-1.5b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen2.5-coder-3b': 'q4_k_m q4f16_1 q4f32_1',
  'qwen2.5-coder-7b': 'q4f16_1 q4f32_1',
  'qwen2.5-math-1.5b': 'q4_k_m q4f16_1 q4f32_1',
  'deepseek-r1-distill-qwen-1.5b': 'q4_k_m q6_k',
  'deepseek-r1-distill-qwen-7b': 'q4f16_1 q4f32_1',
  'deepseek-r1-0528-qwen3-8b': 'q2_k',
  'llama-3.2-1b': 'q4_k_m q4f16_1 q4f32_1',
  'llama-3.2-3b': 'q4_k_m q4f16_1 q4f32_1',
  'gemma-3-1b': 'q4f16_1',
  'gemma-2-2b': 'q4_k_m q4f16_1 q4f32_1',
  'minicpm5-1b': 'q4_k_m',
  'smollm2-360m': 'q4f16_1 q4f32_1',
  'smollm2-1.7b': 'q4_k_m q4f16_1 q4f32_1',
  'hunyuan-1.8b': 'q4_k_m',
  'glm-edge-1.5b': 'q4_k_m',
  'qwen3-vl-2b': 'q4_k_m',
  'qwen3-vl-4b': 'q4_k_m',
  'qwen2.5-vl-3b': 'q4_k_m',
  'smolvlm2-500m': 'q8_0',
  'smolvlm2-256m': 'q8_0',
  'qwen3-asr-0.6b': 'q8_0',
  'qwen3-embedding-0.6b': 'q8_0',
};

describe('the catalog, as it is written down', () => {
  it('has each model once, its builds in their place, and their ids as they have always been', () => {
    for (const key of ['id', 'title'] as const)
      expect(new Set(written.map((model) => model[key])).size).toBe(written.length);
    const ids = Object.entries(builds).map(([model, names]) => names.split(' ').map((name) => `${model}-${name}`));
    expect(written.map((model) => model.builds.map(({ id }) => id))).toEqual(ids);
    expect(models.map((model) => model.builds.map(({ id }) => id))).toEqual(ids);
    expect(models.flatMap((model) => model.builds)).toEqual(entries);
    expect(families.map(({ id }) => id)).toEqual(makers.flatMap((maker) => maker.families.map(({ id }) => id)));
  });

  it.each(written)('$id says in a build only what is its own', ({ builds: own, ...facts }) => {
    const always = ['id', 'format', 'quantization', 'repository', 'revision', 'bytes', 'memoryBytes'];
    const ofFormat = { gguf: ['file'], mlc: ['libraryUrl', 'needsF16', 'largestTensorBytes', 'kvBytesPerToken'] };
    const sometimes = { gguf: ['notes', 'architecture', 'projector'], mlc: ['notes', 'librarySha256'] };
    for (const build of own) {
      const wanted = [...always, ...ofFormat[build.format]];
      expect(Object.keys(build)).toEqual(expect.arrayContaining(wanted));
      const allowed = [...wanted, ...sometimes[build.format]];
      expect(Object.keys(build).filter((key) => !allowed.includes(key))).toEqual([]);
      expect(Object.keys(build).filter((key) => key in facts && key !== 'id' && key !== 'notes')).toEqual([]);
    }
  });

  it.each(written)('$id writes each figure together with its source', ({ builds: own, ...facts }) => {
    for (const value of [facts, ...own].flatMap((part): unknown[] => Object.values(part))) {
      expect(typeof value).not.toBe('number');
      const isFigure = typeof value === 'object' && value !== null && 'value' in value;
      if (isFigure) expect(value).toEqual({ value: expect.any(Number), source: expect.any(String) });
    }
  });

  const words = [modelList, makerList, noteList].flatMap(wordsIn);

  it('says nothing twice', () => {
    const sentences = words.flatMap(sentencesOf);
    expect(sentences.length).toBeGreaterThan(2 * written.length);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
  });

  it('names every note that it has at least twice: what is said of one alone stands with it', () => {
    const named = JSON.stringify([modelList, makerList]);
    for (const name of Object.keys(noteList)) expect(named.split(`"${name}"`).length - 1, name).toBeGreaterThan(1);
  });

  it('is spelled as in America', () => {
    expect(words.filter(({ en }) => british.test(en))).toEqual([]);
  });

  it('repeats no figure in its words: a figure that is put right would leave the words wrong', () => {
    const figures = written.map(({ id, contextTokens, parameters, goodFor }) => {
      const numbers = (goodFor.en.match(/\d[\d,.]*\d/g) ?? []).map((text) => Number(text.replaceAll(',', '')));
      return {
        id,
        said: numbers.filter(
          (number) => number > 1000 || number === contextTokens.value || number === parameters.value,
        ),
      };
    });
    expect(figures.filter(({ said }) => said.length > 0)).toEqual([]);
  });
});

/** Every text in both languages that is somewhere in what was parsed. */
function wordsIn(value: unknown): readonly Words[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'en' in value ? [value as Words] : Object.values(value).flatMap(wordsIn);
}

function sentencesOf(words: Words): readonly string[] {
  return [...words.en.split(/(?<=[.!?]) /), ...(words['zh-CN']?.match(/[^。！？]+[。！？]/g) ?? [])];
}
