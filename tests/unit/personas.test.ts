import { describe, expect, it } from 'vitest';
import { personaFrom, settingsFrom } from '../../src/shared/domain/checked-settings';
import type { Persona } from '../../src/shared/domain/persona';
import { entries } from '../../src/models/catalog/catalog-data';
import { personaFile, personasIn } from '../../src/settings/personas/persona-file';
import { formOf, personaOf } from '../../src/settings/personas/persona-form';
import { Personas } from '../../src/settings/personas/personas.svelte';
import { shippedPersonas } from '../../src/settings/personas/shipped-personas';
import { inMemory } from '../../src/storage/chats-in-memory';

const persona: Persona = {
  id: 'p1',
  name: 'Terse',
  icon: '✂️',
  settings: { systemPrompt: 'Be brief.', sampling: { temperature: 0.3, topK: 5, stop: ['END'] }, thinking: 'off' },
  modelId: 'qwen3-0.6b-q4_k_m',
  createdAt: 1,
  updatedAt: 2,
};

function personas(): { readonly all: Personas; readonly failures: string[] } {
  const failures: string[] = [];
  const all = new Personas({
    repository: inMemory().personas,
    language: { current: 'en' },
    failed: ({ kind }) => failures.push(kind),
  });
  return { all, failures };
}

describe('personas that come with Sotto', () => {
  it.each(['en', 'zh-CN'] as const)('are four, whole, in %s', (language) => {
    const shipped = shippedPersonas(language);
    expect(shipped).toHaveLength(4);
    for (const one of shipped) {
      expect(personaFrom(one)).toEqual(one);
      expect(/\p{Script=Han}/u.test(one.name)).toBe(language === 'zh-CN');
    }
  });

  it('name models of the catalog', () => {
    const known = new Set(entries.map(({ id }) => id));
    for (const { modelId } of shippedPersonas('en')) if (modelId !== undefined) expect(known).toContain(modelId);
  });
});

describe('settings from a file', () => {
  it('bring a bias of tokens only where all of it is one', () => {
    expect(settingsFrom({ sampling: { logitBias: { ' delve': -100 } } })).toEqual({
      sampling: { logitBias: { ' delve': -100 } },
    });
    for (const logitBias of [{ a: 1000 }, { a: 'x' }, [1], 'x', null])
      expect(settingsFrom({ sampling: { logitBias } })).toEqual({ sampling: {} });
  });
});

describe('a file of personas', () => {
  it('there and back is the same', async () => {
    expect(await personasIn(personaFile([persona]))).toEqual({ ok: true, value: [persona] });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['another format', '{"type":"sotto-chats","personas":[]}'],
    ['no persona', '{"type":"sotto-personas","personas":[{"id":"x"},null,7]}'],
    ['a list that is none', '{"type":"sotto-personas","personas":{}}'],
    [
      'depth',
      `{"type":"sotto-personas","personas":[{"id":"x","name":"x","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`,
    ],
    ['size', ' '.repeat(5_000_001)],
  ])('with %s is refused by name', async (_name, text) => {
    expect(await personasIn(new Blob([text]))).toMatchObject({
      ok: false,
      failure: { kind: 'persona-file-unreadable' },
    });
  });

  it('in another encoding is refused, not read with � for its letters', async () => {
    const text = await personaFile([{ ...persona, name: 'Müller' }]).text();
    const latin1 = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(await personasIn(new Blob([latin1]))).toMatchObject({ failure: { kind: 'persona-file-unreadable' } });
  });

  it('is not believed: wrong settings are left out, unknown ones kept, traps dropped', () => {
    const hostile = JSON.parse(
      '{"id":"x","name":" X ","icon":7,"later":{"kept":1,"__proto__":{"bad":1}},"createdAt":-5,"settings":{"systemPrompt":9,"thinking":"maybe","contextPolicy":"explode","tone":"soft","sampling":{"temperature":"hot","topP":5,"seed":7,"stop":["a",1],"mirostat":2}}}',
    ) as unknown;
    const read = personaFrom(hostile);
    expect(read).toMatchObject({
      id: 'x',
      name: 'X',
      icon: '',
      later: { kept: 1 },
      settings: { tone: 'soft', sampling: { seed: 7, stop: ['a'], mirostat: 2 } },
    });
    expect(Object.keys(read?.settings ?? {}).sort()).toEqual(['sampling', 'tone']);
    expect(Object.keys(read?.settings.sampling ?? {}).sort()).toEqual(['mirostat', 'seed', 'stop']);
    expect(JSON.stringify(read)).not.toContain('bad');
    expect(settingsFrom('x')).toEqual({});
  });
});

describe('the form of a persona', () => {
  it('changes nothing that is not in it', () => {
    expect(personaOf(persona, formOf(persona))).toEqual(persona);
    const { modelId, ...rest } = personaOf(persona, { ...formOf(persona), name: ' New ', modelId: '', settings: {} });
    expect(modelId).toBeUndefined();
    expect(rest).toEqual({ ...rest, id: 'p1', name: 'New', icon: '✂️', settings: {}, createdAt: 1 });
  });
});

describe('personas', () => {
  it('are made, copied, deleted with a way back, and found', async () => {
    const { all, failures } = personas();
    await all.load();
    expect(all.all).toHaveLength(4);
    const mine = { ...all.draft(), name: 'Mine' };
    await all.save(mine);
    const copy = all.draft(all.all[0]);
    expect(copy.id).not.toBe(all.all[0]?.id);
    expect(all.own.map(({ name }) => name)).toEqual(['Mine']);
    const undo = await all.remove(mine.id);
    expect(await all.find(mine.id)).toBeNull();
    await undo?.();
    expect((await all.find(mine.id))?.name).toBe('Mine');
    expect(await all.remove('gone')).toBeNull();
    expect(failures).toEqual([]);
  });

  it('are imported once, and never in the place of one that is here', async () => {
    const { all } = personas();
    await all.load();
    await all.save(persona);
    const [shipped] = all.all;
    if (!shipped) throw new Error('none is shipped');
    const file = personaFile([
      { ...persona, name: 'Other' },
      { ...persona, id: 'p2' },
      { ...shipped, name: 'Hijacked' },
    ]);
    expect(await all.importFile(file)).toEqual({ ok: true, value: { added: 1, here: 2 } });
    expect(await all.importFile(file)).toEqual({ ok: true, value: { added: 0, here: 3 } });
    expect((await all.find('p1'))?.name).toBe('Terse');
    expect(await all.find(shipped.id)).toEqual(shipped);
    expect(await all.exportFile()).toBeInstanceOf(Blob);
  });
});

describe('the persona of a conversation', () => {
  it('is gone only where all could be read; a failure is one, and the next try may succeed', async () => {
    const stored = inMemory().personas;
    await stored.write(persona);
    let broken = true;
    const repository: typeof stored = {
      ...stored,
      read: (id) => stored.read(id),
      write: (value) => stored.write(value),
      add: (values) => stored.add(values),
      remove: (id) => stored.remove(id),
      list: () => (broken ? Promise.reject(new Error('the disk is gone')) : stored.list()),
    };
    const all = new Personas({ repository, language: { current: 'en' }, failed: () => {} });
    await expect(all.find('p1')).rejects.toThrow('the disk is gone');
    expect(all.loaded).toBe(false);
    broken = false;
    expect(await all.find('p1')).toMatchObject({ name: 'Terse' });
    expect(await all.find('p2')).toBeNull();
    expect(all.loaded).toBe(true);
  });
});
