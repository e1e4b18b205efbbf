/** Pictures and sounds through the real engine, with models that are small and tell what they were shown. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { plainPng, toneWav } from '../fixtures/media-files';
import { hearingProjector, seeingProjector } from '../fixtures/projector-gguf';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { seeingAnswers, seeingModel, seeingWidth as width } from '../fixtures/seeing-gguf';
import { blobOf } from '../fixtures/synthetic-gguf';

const said = (answer: keyof typeof seeingAnswers) => seeingAnswers[answer].join('');
const sentence = ['A sentence', ' is spoken', ' and stands', ' here.'];

const seeing = () => [blobOf(seeingProjector({ width })), blobOf(seeingModel())];
const hearing = () => [blobOf(scriptedModel({ answer: sentence })), blobOf(hearingProjector({ width }))];
const shown = async (shade: number, content = 'What is this?'): Promise<ChatTurn> => ({
  role: 'user',
  content,
  media: [{ kind: 'picture', blob: await plainPng(shade) }],
});

const probes = new LlamaCppProbes();

describe('a model that sees', () => {
  it('describes what it is shown', async () => {
    const probe = probes.start();
    const loaded = valueOf(await probe.load(loadRequest(seeing())));
    expect(loaded.senses).toEqual({ sees: true, hears: false });
    expect(valueOf(await probe.generate({ turns: [await shown(255)] })).text).toBe(said('bright'));
    expect(valueOf(await probe.generate({ turns: [await shown(0)] })).text).toBe(said('dark'));
    expect(valueOf(await probe.generate({ turns: [{ role: 'user', content: 'And now?' }] })).text).toBe(said('none'));
  });
});

describe('a model that hears', () => {
  it('writes down what is said', async () => {
    const probe = probes.start();
    const loaded = valueOf(await probe.load(loadRequest(hearing(), { contextTokens: 1024 })));
    expect(loaded.senses).toEqual({ sees: false, hears: true });
    const { text, pieces } = valueOf(await probe.transcribe({ audio: toneWav(3) }));
    expect(text).toBe(sentence.join(''));
    expect(pieces.length).toBeGreaterThan(2);
  });
});
