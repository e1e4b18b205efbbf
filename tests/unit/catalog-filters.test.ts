import { describe, expect, it } from 'vitest';
import type { DeviceFacts } from '../../src/shared/domain/device';
import { entries, families, models as catalog } from '../../src/models/catalog/catalog-data';
import {
  filterModels,
  filtersFromHash,
  isFiltered,
  modelTasks,
  noFilters,
  sizeClasses,
  sizeClassOf,
  sortModels,
} from '../../src/models/catalog/catalog-filters';
import { suitedModel, type SuitedModel } from '../../src/models/catalog/suited-model';
import { devices } from '../fixtures/devices';

const modelsOn = (device: DeviceFacts | null): readonly SuitedModel[] =>
  catalog.map((model) => suitedModel(model, device));
const titles = (models: readonly SuitedModel[]): readonly string[] => models.map(({ title }) => title);
const models = modelsOn(null);

describe('filters of the catalog', () => {
  it('let everything through when none is set', () => {
    expect(isFiltered(noFilters)).toBe(false);
    expect(filterModels(models, noFilters)).toEqual(models);
  });

  it('find every build by its size', () => {
    for (const size of sizeClasses) {
      const found = filterModels(models, { ...noFilters, size });
      expect(found.length, size).toBeGreaterThan(0);
      expect(found.every(({ suited }) => sizeClassOf(suited.bytes) === size)).toBe(true);
    }
    expect([5e8, 5e8 + 1, 1e9, 2e9, 2e9 + 1].map(sizeClassOf)).toEqual(['0.5', '1', '1', '2', 'larger']);
  });

  it('are those of the address that led here', () => {
    expect(filtersFromHash('#/models/vision')).toEqual({ ...noFilters, task: 'vision' });
    expect(['#/models', '#/models/', '#/models/nothing', '#/models/vision/'].map(filtersFromHash)).toEqual(
      Array(4).fill(noFilters),
    );
  });

  it('find something for every task', () => {
    for (const task of modelTasks) {
      const found = filterModels(models, { ...noFilters, task });
      expect(found.length, task).toBeGreaterThan(0);
      expect(found.every(({ suited }) => suited.tasks.includes(task))).toBe(true);
    }
  });

  it('hold all at once', () => {
    const filters = { search: '', task: 'code', family: 'qwen2.5-coder', size: '2', format: 'gguf' } as const;
    expect(isFiltered(filters)).toBe(true);
    expect(filterModels(models, filters).map(({ suited }) => suited.id)).toEqual(['qwen2.5-coder-1.5b-q4_k_m']);
  });

  it('search as a person types: any order of words, any spacing, the build too', () => {
    const find = (search: string): readonly string[] =>
      titles(filterModels(models, { ...noFilters, search }, families));
    expect(find('qwen 2.5 coder')).toEqual(titles(models).filter((title) => title.startsWith('Qwen2.5-Coder')));
    expect(find('coder QWEN2.5')).toEqual(find('qwen 2.5 coder'));
    expect(find('deepseek')).toHaveLength(3);
    expect(filterModels(models, { ...noFilters, search: 'qwen3 1.7b q6_k' })[0]?.suited.id).toBe('qwen3-1.7b-q6_k');
    expect(find('no such model')).toEqual([]);
  });
});

describe('the order of the catalog', () => {
  const sorted = (order: 'fit' | 'speed' | 'size' | 'date', task: 'code' | null = null): readonly SuitedModel[] =>
    sortModels(filterModels(modelsOn(devices['gaming PC']), { ...noFilters, task }), {
      order,
      task,
      measured: null,
      families,
    });

  it('puts models made for a task before those that can do it, too', () => {
    expect(sorted('fit', 'code')[0]?.title).toMatch(/Coder/);
    expect(titles(sorted('fit', 'code')).indexOf('Qwen3 4B')).toBeGreaterThan(3);
  });

  it('is by bytes, by year, and by expected speed where that was measured', () => {
    const bytes = sorted('size').map(({ suited }) => suited.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    const years = sorted('date').map(({ suited }) => families.find(({ id }) => id === suited.family)?.released ?? 0);
    expect(years).toEqual([...years].sort((a, b) => b - a));
    const measured = { cpu: 20, gpu: 300, reached: { cpu: [], gpu: [] } };
    const fastest = sortModels(modelsOn(devices['gaming PC']), { order: 'speed', task: null, measured, families });
    expect(fastest[0]?.suited.format).toBe('mlc');
  });
});

describe('the builds of one model', () => {
  const suitedOn = (title: string, device: DeviceFacts | null): string | undefined =>
    modelsOn(device).find((model) => model.title === title)?.suited.id;

  it('stand together, each of them once', () => {
    expect(models.flatMap(({ builds }) => builds).length).toBe(entries.length);
    expect(new Set(titles(models)).size).toBe(models.length);
  });

  it('are led by the one that the GPU can compute, or by one for the CPU where there is no GPU', () => {
    expect(suitedOn('Qwen3 0.6B', devices['gaming PC'])).toBe('qwen3-0.6b-q4f16_1');
    expect(suitedOn('Qwen3 0.6B', devices['old laptop'])).toBe('qwen3-0.6b-q4f32_1');
    expect(suitedOn('Qwen3 0.6B', devices['phone without WebGPU'])).toBe('qwen3-0.6b-q4_k_m');
    expect(suitedOn('Qwen3 0.6B', null)).toBe('qwen3-0.6b-q4_k_m');
  });
});
