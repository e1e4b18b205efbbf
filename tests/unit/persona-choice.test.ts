/** The button beside the message box that shows and chooses the persona of a chat. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PersonaId } from '../../src/contracts/persona';
import PersonaMenu from '../../src/settings/personas/PersonaMenu.svelte';
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

describe('the button of personas', () => {
  it('stays, with the focus, when the chat is to have none any more', async () => {
    const all = await personas(true);
    const { id = '', name = '' } = all.all[0] ?? {};
    const choice = mount(ChosenPersona, {
      target: document.body,
      props: { first: id, personaMenu: () => Promise.resolve({ PersonaMenu, personas: all }) },
    }) as { choose: (id: PersonaId | null) => void };
    shown = choice;
    await vi.waitFor(() => expect(button()?.textContent).toContain(name));
    button()?.focus();
    choice.choose(null);
    flushSync();
    expect(button()?.textContent).not.toContain(name);
    expect(document.activeElement).toBe(button());
  });

  it.each([
    ['was deleted', true],
    ['could not be read', false],
  ])('says that a persona is gone only where that is known: it %s', async (_, readable) => {
    const props = { personas: await personas(readable), chosen: 'deleted', choose: () => {}, startOpen: false };
    shown = mount(PersonaMenu, { target: document.body, props });
    expect(button()?.textContent?.includes(m.persona_gone())).toBe(readable);
  });
});
