/** Pictures and sounds through the real engine, with models that are small and tell what they were shown. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { plainPng, toneWav } from '../fixtures/media-files';
import { hearingProjector, seeingProjector } from '../fixtures/projector-gguf';
import { scriptedModel } from '../fixtures/scripted-gguf';
import { seeingAnswers, seeingModel, seeingWidth as width } from '../fixtures/seeing-gguf';
import { blobOf } from '../fixtures/synthetic-gguf';

const said = (answer: keyof typeof seeingAnswers) => seeingAnswers[answer].join('');
const sentence = ['A sentence', ' is spoken', ' and stands', ' here.'];

const eye = blobOf(seeingProjector({ width }));
const seer = blobOf(seeingModel());
const hearing = () => [blobOf(scriptedModel({ answer: sentence })), blobOf(hearingProjector({ width }))];

const asked = (content: string): ChatTurn => ({ role: 'user', content });
const answered = (content: string): ChatTurn => ({ role: 'assistant', content });
const withPicture = (blob: Blob, content = 'What is this?'): ChatTurn => ({
  role: 'user',
  content,
  media: [{ kind: 'picture', blob }],
});
const withSound = (blob: Blob): ChatTurn => ({ role: 'user', content: 'Listen.', media: [{ kind: 'sound', blob }] });
const white = await plainPng(255);
const black = await plainPng(0);

const probes = new LlamaCppProbes();

describe.each([[[]], [['compat']]] as const)('in the build %j, a model that sees', (build) => {
  it('describes what it is shown, goes on where it was cut off, reads no picture twice and confuses none', async () => {
    const probe = probes.start(...build);
    // The projector may come first: it is told by its header.
    const loaded = valueOf(await probe.load(loadRequest([eye, seer])));
    expect(loaded.senses).toEqual({ sees: true, hears: false });
    const first = valueOf(await probe.generate({ turns: [withPicture(white)] }));
    expect(first).toMatchObject({ text: said('bright'), reusedTokens: 0 });
    const second = [withPicture(white), answered(said('bright')), asked('Are you sure?')];
    const next = valueOf(await probe.generate({ turns: second }));
    expect(next.text).toBe(said('bright'));
    // Sixteen tokens of the picture and all words before it lie in the cache.
    expect(next.reusedTokens).toBeGreaterThan(first.promptTokens - 16);
    expect(valueOf(await probe.generate({ turns: [withPicture(black)] })).text).toBe(said('dark'));
    const [start, ...rest] = seeingAnswers.dark;
    const cutOff = valueOf(await probe.generate({ turns: [withPicture(black), answered(start)] }));
    expect(cutOff.text).toBe(rest.join(''));
    // The same words with another picture.
    expect(valueOf(await probe.generate({ turns: [withPicture(white)] })).text).toBe(said('bright'));
    expect(valueOf(await probe.generate({ turns: [asked('What is this?')] })).text).toBe(said('none'));
  });
});

describe('a model that sees', () => {
  it('is told from one that does not, and what is no picture from what is one', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(seer)));
    const blind = await probe.generate({ turns: [withPicture(white)] });
    expect(failureOf(blind).kind).toBe('model-cannot-see');
    expect(failureOf(await probe.transcribe({ audio: toneWav(1) })).kind).toBe('model-cannot-hear');
    valueOf(await probe.load(loadRequest([seer, eye])));
    expect(failureOf(await probe.generate({ turns: [withSound(toneWav(1))] })).kind).toBe('model-cannot-hear');
    const signature = await white.slice(0, 8).arrayBuffer();
    for (const bytes of ['no picture', new Uint8Array(500), signature, white.slice(0, 60), '']) {
      const failure = failureOf(await probe.generate({ turns: [withPicture(new Blob([bytes]))] }));
      expect(failure, failure.technical).toMatchObject({ kind: 'picture-unreadable' });
    }
    expect(valueOf(await probe.generate({ turns: [withPicture(white)] })).text).toBe(said('bright'));
  });

  it('can be stopped while it looks, and answers the next question', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest([seer, eye], { contextTokens: 2048 })));
    const turns = [withPicture(await plainPng(255, 2000, 2000), 'word '.repeat(200))];
    const pending = probe.generate({ turns });
    await probe.abort();
    expect(valueOf(await pending)).toMatchObject({ finishReason: 'cancelled', text: '' });
    expect(valueOf(await probe.generate({ turns: [withPicture(black)] })).text).toBe(said('dark'));
  });

  it('is not loaded with a projector that is of another, unknown or cut off', async () => {
    const probe = probes.start();
    const others = [
      [blobOf(seeingProjector({ width: 256 })), 'projector-mismatch'],
      [blobOf(seeingProjector({ width, kind: 'martian' })), 'projector-mismatch'],
      [eye.slice(0, eye.size - 100), 'file-truncated'],
    ] as const;
    for (const [other, kind] of others) {
      const failure = failureOf(await probe.load(loadRequest([seer, other])));
      expect(failure, failure.technical).toMatchObject({ kind });
      expect(await probe.living()).toBe(0);
    }
    expect(failureOf(await probe.load(loadRequest([seer, eye, eye]))).kind).toBe('projector-mismatch');
    expect(failureOf(await probe.load(loadRequest(eye))).kind).toBe('projector-alone');
    valueOf(await probe.load(loadRequest([seer, eye])));
    expect(valueOf(await probe.generate({ turns: [withPicture(white)] })).text).toBe(said('bright'));
  });
});

describe('a model that hears', () => {
  it('writes down what is said, also of more than half a minute', async () => {
    const probe = probes.start();
    const loaded = valueOf(await probe.load(loadRequest(hearing(), { contextTokens: 1024 })));
    expect(loaded.senses).toEqual({ sees: false, hears: true });
    const { text, pieces } = valueOf(await probe.transcribe({ audio: toneWav(3), language: 'en' }));
    expect(text).toBe(sentence.join(''));
    expect(pieces.length).toBeGreaterThan(2);
    const long = valueOf(await probe.transcribe({ audio: toneWav(40) }));
    expect(long.text).toBe(`${sentence.join('')} ${sentence.join('')}`);
    // A short window of the model makes short ones of the sound.
    valueOf(await probe.load(loadRequest(hearing(), { contextTokens: 512 })));
    const short = valueOf(await probe.transcribe({ audio: toneWav(20) }));
    expect(short.text).toBe(`${sentence.join('')} ${sentence.join('')}`);
    expect(valueOf(await probe.generate({ turns: [withSound(toneWav(2))] })).text).toBe(sentence.join(''));
  });

  it('can be stopped, takes no garbage, and works on', async () => {
    const probe = probes.start();
    valueOf(await probe.load(loadRequest(hearing(), { contextTokens: 1024 })));
    expect(valueOf(await probe.transcribe({ audio: toneWav(20) }, 1)).text).toBe(null);
    expect(valueOf(await probe.transcribe({ audio: toneWav(2) }, 0)).text).toBe(null);
    for (const bytes of ['no sound', new Uint8Array(100), await white.arrayBuffer()]) {
      expect(failureOf(await probe.transcribe({ audio: new Blob([bytes]) })).kind).toBe('sound-unreadable');
      expect(failureOf(await probe.generate({ turns: [withSound(new Blob([bytes]))] })).kind).toBe('sound-unreadable');
    }
    expect(valueOf(await probe.transcribe({ audio: toneWav(0) })).text).toBe('');
    expect(valueOf(await probe.transcribe({ audio: toneWav(0.1) })).text).toBe(sentence.join(''));
  });
});
