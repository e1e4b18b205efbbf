/** The persona of a chat, as it is shown beside the message box. */
import { mount, unmount } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { Personas } from '../../src/settings/personas/personas.svelte';
import { inMemory } from '../../src/storage/chats-in-memory';
import { m } from '../../src/text/paraglide/messages.js';
import ChosenPersona from '../fixtures/ChosenPersona.svelte';

let shown: Record<string, unknown> | undefined;
afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
});

async function personas(readable: boolean): Promise<Personas> {
  const repository = inMemory().personas;
  if (!readable) repository.list = () => Promise.reject(new Error('the disk is gone'));
  const all = new Personas({ repository, language: { current: 'en' }, failed: () => {} });
  await all.load();
  return all;
}

const button = (): HTMLButtonElement | null => document.querySelector(`button[aria-label="${m.persona()}"]`);

function show(first: string | null, all: Personas): void {
  shown = mount(ChosenPersona, { target: document.body, props: { first, personas: all } });
}

describe('the persona of a chat', () => {
  it('shows its name', async () => {
    const all = await personas(true);
    const { id = '', name = '' } = all.all[0] ?? {};
    show(id, all);
    expect(button()?.textContent).toContain(name);
  });

  it('takes no room where there is none', async () => {
    show(null, await personas(true));
    expect(button()).toBeNull();
  });

  it.each([
    ['was deleted', true],
    ['could not be read', false],
  ])('is said to be gone only where that is known: it %s', async (_, readable) => {
    show('deleted', await personas(readable));
    expect(button()?.textContent.includes(m.persona_gone()) ?? false).toBe(readable);
  });
});
