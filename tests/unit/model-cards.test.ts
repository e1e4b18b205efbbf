/** What is recommended for a model, found by the names under which its weights go. */
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/chat/settings/resolve-settings';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import { entries } from '../../src/models/catalog/catalog-data';
import { cardOf } from '../../src/models/shelf/model-cards';
import { entryName } from '../../src/models/model-traits';
import { thinkingMode } from '../../src/models/load/thinking-mode';
import { ggufModel } from '../fixtures/models';

const model = (name: string): ModelDescriptor => ({ ...ggufModel, id: name, name, ...cardOf(name) });

describe('what the card of a model recommends', () => {
  it.each(['Qwen3.5 0.8B (Q4_K_M)', 'Qwen3.5-0.8B-UD-Q4_K_XL', 'qwen3.5-2b-q4_k_m.gguf', 'Qwen3.5-0.8B-q4f16_1-MLC'])(
    '%s does not think unless it is told to, and is kept from repeating itself',
    (name) => {
      expect(resolveSettings({}, model(name))).toMatchObject({
        thinking: 'off',
        sampling: { temperature: 1, topP: 1, topK: 20, presencePenalty: 2 },
      });
      expect(resolveSettings({ conversation: { thinking: 'on' } }, model(name))).toMatchObject({
        thinking: 'on',
        sampling: { temperature: 1, topP: 0.95, topK: 20, presencePenalty: 1.5 },
      });
    },
  );

  it.each(['Qwen3.5 4B (q4f16_1)', 'Qwen3.5-4B-Q4_K_M'])('%s thinks', (name) => {
    expect(resolveSettings({}, model(name))).toMatchObject({ thinking: 'on', sampling: { presencePenalty: 1.5 } });
  });

  it('Qwen3 thinks, and samples otherwise when it does not', () => {
    expect(resolveSettings({}, model('Qwen3 0.6B (Q4_K_M)'))).toMatchObject({
      thinking: 'on',
      sampling: { temperature: 0.6, topP: 0.95, topK: 20 },
    });
    expect(resolveSettings({ defaults: { thinking: 'off' } }, model('Qwen3-0.6B-Q4_K_M'))).toMatchObject({
      sampling: { temperature: 0.7, topP: 0.8, topK: 20 },
    });
    // Editions that do only one have no switch.
    for (const name of ['Qwen3-4B-Instruct-2507', 'Qwen3-Coder-30B', 'Qwen3-4B-Thinking-2507'])
      expect(cardOf(name).thinking).toBeUndefined();
  });

  it('a distill of DeepSeek is not taken for the model it was made from', () => {
    for (const name of ['DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M', 'DeepSeek-R1-0528-Qwen3-8B-Q2_K'])
      expect(cardOf(name)).toMatchObject({ sampling: { temperature: 0.6, topP: 0.95 } });
  });

  it('what a person sets goes before it', () => {
    const layers = { conversation: { sampling: { temperature: 0.1, presencePenalty: 0, maxTokens: 50_000 } } };
    expect(resolveSettings(layers, model('Qwen3.5 0.8B (Q4_K_M)')).sampling).toMatchObject({
      temperature: 0.1,
      presencePenalty: 0,
      maxTokens: 50_000,
      topK: 20,
    });
  });

  it.each(entries)(
    '$id has a limit against answers without end, and a default for thinking if it has the switch',
    (entry) => {
      const name = entryName(entry);
      const card = cardOf(name);
      for (const { maxTokens = Infinity } of [card.sampling, card.samplingWhenThinking ?? card.sampling])
        expect(maxTokens).toBeLessThanOrEqual(8192);
      // MiniCPM publishes no default: its template says.
      if (thinkingMode(model(entry.id)) === 'switchable' && entry.family !== 'minicpm')
        expect(card.thinking).toBeDefined();
      if (entry.thinking !== 'switchable') expect(card.thinking).toBeUndefined();
      // The published names lead to the same card.
      expect(cardOf(entry.file ?? entry.repository)).toEqual(entry.family === 'glm-edge' ? expect.anything() : card);
    },
  );
});
