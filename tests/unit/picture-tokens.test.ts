import { expect, it } from 'vitest';
import { guessedMedia } from '../../src/chat/context/turn-media';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import type { LoadedModel } from '../../src/shared/protocol/engine';
import { scriptedModel } from '../fixtures/scripted-session';

const senses = { sees: true, hears: false };
const seeing: ModelDescriptor = { ...scriptedModel, senses };
const served: ModelDescriptor = {
  ...seeing,
  source: { kind: 'server', serverId: 's', address: 'http://localhost:1', model: 'm' },
};

const file = (width: number, height: number) => ({
  id: crypto.randomUUID(),
  name: 'p',
  mediaType: 'image/png',
  bytes: 1,
  usedCharacters: 0,
  textCharacters: 0,
  picture: { width, height },
});

it.each([
  // As many squares of 32 pixels as it has, and two around them; never more than its engine makes of it.
  ['on the CPU, a small one', seeing, 'cpu', 320, 160, 52],
  ['on the CPU, a large one', seeing, 'cpu', 1280, 960, 258],
  ['on a GPU', seeing, 'webgpu', 1280, 960, 1026],
  ['before the model is loaded', seeing, null, 1280, 960, 1026],
  ['on a server', served, 'server', 1280, 960, 1202],
  ['on a server that has not been asked', served, null, 1280, 960, 1202],
] as const)('what a picture takes of the window is guessed: %s', (_, chosen, backend, width, height, tokens) => {
  const loaded = backend && ({ backend, senses } as LoadedModel);
  expect(guessedMedia({ chosen, loaded })(file(width, height))?.tokens).toBe(tokens);
});
