/** "Will it run well?": from results of this device to a line on every card of the catalog. */
import { describe, expect, it } from 'vitest';
import type { BenchmarkResult } from '../../../src/benchmark/statistics/result';
import { measuredSpeeds } from '../../../src/benchmark/history/measured-speeds';
import { entries } from '../../../src/models/catalog/catalog-data';
import { predictedFacts } from '../../../src/models/predicted-speed';
import { overwriteGetLocale } from '../../../src/text/paraglide/runtime.js';
import { isCpuArchitecture } from '../../../src/shared/domain/cpu-architectures';
import { steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';
import { virtualResult } from '../../fixtures/virtual-result';

overwriteGetLocale(() => 'en');

const result = await virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 20), { answer: ['It is so.'] }));
const withDevice = (local_id: string): BenchmarkResult => ({ ...result, device: { ...result.device, local_id } });

describe('the speed that is to be expected', () => {
  it('is told for every model of the catalog that runs where something was measured, with its uncertainty', () => {
    const measured = measuredSpeeds([result], 'device-1');
    expect(measured).toMatchObject({ cpu: 20, gpu: null, reached: { cpu: [expect.closeTo(0.4, 1)], gpu: [] } });
    for (const entry of entries) {
      const facts = predictedFacts(entry, measured);
      // What llama.cpp computes on the CPU is limited by its arithmetic, of which the speed of memory says nothing.
      const isOwn =
        entry.projector === undefined &&
        !entry.tasks.includes('embedding') &&
        (entry.architecture === undefined || isCpuArchitecture(entry.architecture));
      expect(facts).toHaveLength(entry.format === 'gguf' && isOwn ? 1 : 0);
      if (facts[0])
        expect(facts[0].value).toMatch(
          /^about [\d.,]+ tokens\/s \([\d.,]+–[\d.,]+\), based on measurements on this device$/,
        );
    }
    const gpu = predictedFacts(entries.filter(({ format }) => format === 'mlc')[0] as (typeof entries)[number], {
      ...measured,
      gpu: 300,
    });
    expect(gpu).toHaveLength(1);
  });

  it('is smaller for a larger model', () => {
    const measured = measuredSpeeds([result], 'device-1');
    const rates = entries
      .filter(({ format }) => format === 'gguf')
      .sort((a, b) => a.bytes - b.bytes)
      .map((entry) => Number(/about ([\d.]+)/.exec(predictedFacts(entry, measured)[0]?.value ?? '')?.[1]));
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  it('is told by results of this device alone, and of models that are not too small to say anything', () => {
    expect(measuredSpeeds([withDevice('another')], 'device-1')).toMatchObject({ cpu: null, gpu: null });
    const tiny = { ...result, model: { ...result.model, w_active_bytes: 3e6 } };
    expect(measuredSpeeds([tiny], 'device-1').reached.cpu).toEqual([]);
    const [first] = entries;
    if (first) expect(predictedFacts(first, null)).toEqual([]);
  });
});
