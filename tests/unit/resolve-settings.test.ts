import { describe, expect, it } from 'vitest';
import { honoredSettings, type EngineKind } from '../../src/shared/protocol/engine';
import { settingsFrom } from '../../src/shared/domain/checked-settings';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import { layerOf, resolveSettings, settingsOf, withSetting } from '../../src/chat/settings/resolve-settings';
import { honoredBy } from '../../src/engine/honored-settings';
import {
  checkBias,
  checkNumber,
  checkSchema,
  checkStop,
  numberRules,
  type NumberField,
} from '../../src/chat/settings/setting-fields';
import { ggufModel } from '../fixtures/models';

const model: ModelDescriptor = { ...ggufModel, sampling: { temperature: 0.7, topP: 0.8, topK: 20 } };
const guide: ModelDescriptor = {
  ...model,
  source: { kind: 'built-in', path: 'x', sha256: 'x' },
  sampling: { temperature: 0, maxTokens: 400 },
};

describe('the settings of an answer', () => {
  it('are the model’s where nothing is set', () => {
    expect(resolveSettings({}, model)).toEqual({
      systemPrompt: '',
      sampling: model.sampling,
      contextPolicy: 'drop-oldest',
    });
  });

  it('come from the nearest layer that has them, one by one', () => {
    const layers = {
      once: { sampling: { temperature: 0 } },
      conversation: { sampling: { temperature: 1, topK: 5 }, thinking: 'off' as const },
      persona: { systemPrompt: 'Be brief.', sampling: { topK: 7, topP: 0.5 } },
      defaults: { systemPrompt: 'Be kind.', contextPolicy: 'stop' as const, sampling: { seed: 3, topP: 0.1 } },
    };
    expect(resolveSettings(layers, model)).toEqual({
      systemPrompt: 'Be brief.',
      sampling: { temperature: 0, topK: 5, topP: 0.5, seed: 3 },
      thinking: 'off',
      contextPolicy: 'stop',
    });
    expect(layerOf(layers, 'temperature')).toBe('once');
    expect(layerOf(layers, 'topP')).toBe('persona');
    expect(layerOf(layers, 'contextPolicy')).toBe('defaults');
    expect(layerOf(layers, 'minP')).toBe('model');
  });

  it('keep to this device where any layer says so, whatever nearer ones say', () => {
    const kept = { defaults: { onlyHere: true as const }, persona: {}, conversation: { sampling: { topK: 1 } } };
    expect(resolveSettings(kept, model).onlyHere).toBe(true);
    expect(resolveSettings(kept, guide).onlyHere).toBe(true);
    expect(resolveSettings({ conversation: {} }, model).onlyHere).toBeUndefined();
    // From a file: only that it holds can be said, never that it does not.
    expect(settingsFrom({ onlyHere: true })).toEqual({ onlyHere: true });
    expect(settingsFrom({ onlyHere: false })).toEqual({});
  });

  it('an empty system prompt is none, not even the inherited one', () => {
    const layers = { conversation: { systemPrompt: '' }, persona: { systemPrompt: 'Be brief.' } };
    expect(resolveSettings(layers, model).systemPrompt).toBe('');
    expect(layerOf(layers, 'systemPrompt')).toBe('conversation');
  });

  it('are ignored by the Guide, all but what happens at the limit', () => {
    const layers = {
      conversation: {
        systemPrompt: 'x',
        thinking: 'on' as const,
        contextPolicy: 'stop' as const,
        sampling: { temperature: 2 },
      },
    };
    expect(resolveSettings(layers, guide)).toEqual({
      systemPrompt: '',
      sampling: guide.sampling,
      contextPolicy: 'stop',
    });
  });

  it('are kept with the answer as they were in force', () => {
    expect(settingsOf(resolveSettings({ persona: { thinking: 'on' } }, model))).toEqual({
      sampling: model.sampling,
      contextPolicy: 'drop-oldest',
      thinking: 'on',
    });
  });

  it.each(Object.keys(honoredSettings) as EngineKind[])('go to %s only where it honors them', (engine) => {
    const all = Object.fromEntries(Object.keys(numberRules).map((field) => [field, 1]));
    const sent = honoredBy(engine, { ...all, stop: ['x'], logitBias: { x: -100 }, jsonSchema: '' });
    expect(Object.keys(sent).sort()).toEqual([...honoredSettings[engine]].sort());
  });
});

describe('one setting', () => {
  it('is set and taken out again', () => {
    const set = withSetting({ thinking: 'on' }, 'temperature', 0.5);
    expect(set).toEqual({ thinking: 'on', sampling: { temperature: 0.5 } });
    expect(withSetting(set, 'temperature', undefined)).toEqual({ thinking: 'on' });
    expect(withSetting(set, 'thinking', undefined)).toEqual({ sampling: { temperature: 0.5 } });
    expect(withSetting({}, 'systemPrompt', '')).toEqual({ systemPrompt: '' });
  });
});

describe('what is typed', () => {
  it.each<[NumberField, string, number | undefined]>([
    ['temperature', '0.7', 0.7],
    ['temperature', '0,7', 0.7],
    ['temperature', ' 1 ', 1],
    ['temperature', '', undefined],
    ['topK', '40', 40],
    ['presencePenalty', '-1.5', -1.5],
    ['seed', '4294967294', 4_294_967_294],
  ])('%s %j is taken', (field, text, value) => expect(checkNumber(field, text)).toEqual({ ok: true, value }));

  it.each<[NumberField, string]>([
    ['temperature', 'warm'],
    ['temperature', '3'],
    ['temperature', '-0.1'],
    ['temperature', 'NaN'],
    ['temperature', 'Infinity'],
    ['topK', '1.5'],
    ['topP', '0'],
    ['maxTokens', '0'],
    ['seed', '4294967295'],
  ])('%s %j is refused in words', (field, text) => {
    const checked = checkNumber(field, text);
    expect(checked.ok ? '' : checked.reason).toMatch(/\w{3}/);
  });

  it('stop texts are lines', () => {
    expect(checkStop('END\n\n  Human:\n')).toEqual({ ok: true, value: ['END', '  Human:'] });
    expect(checkStop('\n')).toEqual({ ok: true, value: undefined });
    expect(checkStop('x\n'.repeat(9)).ok).toBe(false);
    expect(checkStop('x'.repeat(101)).ok).toBe(false);
  });

  it('a bias is a JSON object of texts or token ids, with numbers that engines take', () => {
    expect(checkBias('')).toEqual({ ok: true, value: undefined });
    expect(checkBias('{" delve": -100, "7": 2.5}')).toEqual({ ok: true, value: { ' delve': -100, '7': 2.5 } });
    const tooMany = JSON.stringify(Object.fromEntries(Array.from({ length: 301 }, (_, token) => [token, 1])));
    for (const text of ['[]', '{', '7', '{"a": 101}', '{"a": "1"}', '{"": 1}', '{"a": null}', tooMany]) {
      const checked = checkBias(text);
      expect(checked.ok ? '' : checked.reason).toMatch(/\w{3}/);
    }
  });

  it('a schema is a JSON object, or nothing', () => {
    expect(checkSchema('')).toEqual({ ok: true, value: '' });
    expect(checkSchema('{"type":"object"}').ok).toBe(true);
    expect(checkSchema('[]').ok).toBe(false);
    expect(checkSchema('{"type":').ok).toBe(false);
  });
});
