/** Holds the MLC entries against the list inside the installed WebLLM: addresses and memory change with its version. */
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { describe, expect, it } from 'vitest';
import { entries } from '../../src/models/catalog/catalog-data';

const mlc = entries.filter(({ format }) => format === 'mlc');

describe('MLC entries', () => {
  const records = new Map(prebuiltAppConfig.model_list.map((record) => [record.model_id, record]));

  it.each(mlc)('$id is what the installed WebLLM lists', (entry) => {
    const modelId = entry.repository.split('/')[1] ?? '';
    const record = records.get(modelId);
    expect(record).toBeDefined();
    expect(entry.repository).toBe(`mlc-ai/${modelId}`);
    expect(record?.model).toBe(`https://huggingface.co/${entry.repository}`);
    expect(entry.libraryUrl).toBe(record?.model_lib);
    expect(entry.memoryBytes).toBe(Math.round((record?.vram_required_MB ?? 0) * 1024 ** 2));
    expect(modelId).toContain(`-${entry.quantization}-MLC`);
    expect(entry.needsF16).toBe(/f16/.test(entry.quantization));
    if (record?.required_features?.includes('shader-f16')) expect(entry.needsF16).toBe(true);
    expect(entry.file).toBeUndefined();
  });

  it('are there for GPUs with and without 16 bits, except where WebLLM has only one', () => {
    const titles = [...new Set(mlc.map(({ title }) => title))];
    for (const title of titles) {
      const quantizations = mlc.filter((entry) => entry.title === title).map(({ quantization }) => quantization);
      expect(quantizations).toEqual(title === 'Gemma 3 1B' ? ['q4f16_1'] : ['q4f16_1', 'q4f32_1']);
    }
  });
});
