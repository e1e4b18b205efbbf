/** What is done with pictures and sounds before and after an engine has them. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';
import { checkRequest } from '../../workers/engine/check-request';
import { LeftConversations } from '../../workers/engine/llama-cpp/left-conversations';
import { Transcript } from '../../workers/engine/llama-cpp/transcript';
import { mediaBytes } from '../../workers/engine/media-bytes';
import { soundWindows } from '../../workers/engine/sound-windows';
import { wavOf, wavSamples } from '../../workers/engine/wav';
import { checkParts } from '../../workers/gguf/check-gguf';
import { chooseBatch } from '../../workers/engine/llama-cpp/load-tuning';
import { chooseEngine } from '../../src/engine/choose-engine';
import { devices } from '../fixtures/devices';
import { plainPng, toneWav } from '../fixtures/media-files';
import { hearingProjector, seeingProjector } from '../fixtures/projector-gguf';
import { splitGguf } from '../fixtures/hub/split-gguf';
import { seeingModel, seeingWidth as width } from '../fixtures/seeing-gguf';
import { blobOf } from '../fixtures/synthetic-gguf';

async function kindOf(work: () => unknown): Promise<FailureKind | 'none'> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (error instanceof FailureError) return error.failure.kind;
    throw error;
  }
}

const question = (kind: 'picture' | 'sound', bytes = 10): ChatTurn => ({
  role: 'user',
  content: 'What is this?',
  media: [{ kind, blob: new Blob([new Uint8Array(bytes)]) }],
});

describe('a request', () => {
  it('with media goes only to models that take it', async () => {
    const asked = (turn: ChatTurn, senses?: Parameters<typeof checkRequest>[1]) =>
      kindOf(() => checkRequest({ jobId: 'job', turns: [turn], sampling: {} }, senses));
    expect(await asked(question('picture'))).toBe('model-cannot-see');
    expect(await asked(question('sound'))).toBe('model-cannot-hear');
    expect(await asked(question('sound'), { sees: true, hears: false })).toBe('model-cannot-hear');
    expect(await asked(question('picture'), { sees: true, hears: false })).toBe('none');
    expect(await asked({ ...question('picture'), role: 'system' }, { sees: true, hears: true })).toBe(
      'request-invalid',
    );
    expect(await asked({ role: 'user', content: 'Hello', media: [] })).toBe('none');
  });

  it('is looked at before a decoder is given it', async () => {
    expect(await mediaBytes({ kind: 'picture', blob: await plainPng(9) })).toMatchObject({ type: 'image/png' });
    const jpeg = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0)]);
    expect(await mediaBytes({ kind: 'picture', blob: jpeg })).toMatchObject({ type: 'image/jpeg' });
    for (const text of ['', 'GIF89a', '<svg xmlns="http://www.w3.org/2000/svg"/>'])
      expect(await kindOf(() => mediaBytes({ kind: 'picture', blob: new Blob([text]) }))).toBe('picture-unreadable');
    expect(await kindOf(() => mediaBytes({ kind: 'sound', blob: new Blob(['RIFF1234WAVE']) }))).toBe(
      'sound-unreadable',
    );
  });
});

it('two conversations of the same words and other pictures are two', () => {
  const left = new LeftConversations(1, 100);
  left.note([question('picture', 10)], 90, 0);
  expect(left.areTooMany([question('picture', 10)])).toBe(false);
  left.note([question('picture', 11)], 90, 0);
  expect(left.areTooMany([question('picture', 10)])).toBe(true);
});

describe('a WAV', () => {
  it('is read, also with other chunks in it, and written', async () => {
    const samples = Int16Array.of(1, -2, 300);
    expect(wavSamples(wavOf(samples))).toEqual(samples);
    const plain = new Uint8Array(wavOf(samples));
    const other = Uint8Array.of(...plain.slice(0, 36), ...new TextEncoder().encode('LIST'), 3, 0, 0, 0, 9, 9, 9, 0);
    const both = new Uint8Array([...other, ...plain.slice(36)]);
    expect(wavSamples(both.buffer)).toEqual(samples);
    expect(wavSamples(await toneWav(1).arrayBuffer())).toHaveLength(16_000);
  });

  it.each([
    ['of two channels', 22, 2],
    ['of 44.1 kHz', 24, 0x44],
    ['of eight bits', 34, 8],
    ['of another format', 20, 3],
  ])('%s is not taken', async (_, at, byte) => {
    const bytes = new Uint8Array(wavOf(new Int16Array(9)));
    bytes[at] = byte;
    expect(await kindOf(() => wavSamples(bytes.buffer))).toBe('sound-unreadable');
  });
});

describe('a long sound', () => {
  it('is cut where it is quiet, and nothing of it is lost or heard twice', () => {
    const samples = new Int16Array(95 * 16_000).map((_, index) => ((index >> 4) % 2 === 0 ? 900 : -900));
    // Pauses at 25 s and 51 s.
    for (const second of [25, 51]) samples.fill(0, second * 16_000, (second + 0.5) * 16_000);
    const windows = soundWindows(samples);
    const ends = windows.map((window) => (window.byteOffset + window.byteLength) / 2 / 16_000);
    expect(ends[0]).toBeCloseTo(25.25, 0);
    expect(ends[1]).toBeCloseTo(51.25, 0);
    expect(ends.at(-1)).toBe(95);
    expect(windows.every((window) => window.length <= 30 * 16_000 && window.length > 0)).toBe(true);
    expect(windows.reduce((sum, window) => sum + window.length, 0)).toBe(samples.length);
  });
});

describe('a transcript', () => {
  const written = (...windows: readonly (readonly string[])[]): { text: string; told: string } => {
    let told = '';
    const transcript = new Transcript((text) => (told += text));
    for (const pieces of windows) {
      transcript.openWindow();
      for (const piece of pieces) transcript.piece(piece);
      transcript.closeWindow();
    }
    return { text: transcript.text, told };
  };

  it('has no word of the language it is in', () => {
    expect(written(['language', ' Eng', 'lish<asr', '_text>', 'Hello', ' there.']).text).toBe('Hello there.');
    expect(written(['language None<asr_text>']).text).toBe('');
    expect(written(['lang', 'uage is what we speak, and it has no end of words for all that there is']).text).toBe(
      'language is what we speak, and it has no end of words for all that there is',
    );
    expect(written(['language']).text).toBe('language');
  });

  it('of several windows is one text, with blanks where a language has them', () => {
    expect(written([' Hello', ' there.'], ['How', ' are you?'])).toEqual({
      text: 'Hello there. How are you?',
      told: 'Hello there. How are you?',
    });
    expect(written(['language Chinese<asr_text>你好。'], ['language Chinese<asr_text>再见。']).text).toBe(
      '你好。再见。',
    );
    expect(written(['One'], [], ['two']).text).toBe('One two');
  });
});

describe('a projector among the files of a model', () => {
  const eye = blobOf(seeingProjector({ width }));
  const model = blobOf(seeingModel());

  it('is told by its header, wherever it stands, and counted apart', async () => {
    const alone = await checkParts([model]);
    for (const files of [
      [eye, model],
      [model, eye],
    ]) {
      const { facts, files: ordered, projector } = await checkParts(files);
      expect(ordered).toEqual([model, eye]);
      expect(facts).toEqual(alone.facts);
      expect(projector).toMatchObject({ sees: true, hears: false, kinds: ['mlp'], file: eye });
    }
    const ear = blobOf(hearingProjector({ width }));
    expect((await checkParts([ear, model])).projector).toMatchObject({ sees: false, hears: true });
  });

  it('goes with a model in parts', async () => {
    const whole = new Uint8Array(await model.arrayBuffer());
    const parts = splitGguf(whole, 2, 'seer').map(({ content }) => new Blob([content as Uint8Array<ArrayBuffer>]));
    const { files, facts } = await checkParts([eye, ...parts.toReversed()]);
    expect(files).toEqual([...parts, eye]);
    expect(facts.splitCount).toBe(2);
  });

  it('is read at once where its model looks at a whole picture', async () => {
    const { facts, projector } = await checkParts([model, eye]);
    if (!projector) throw new Error('there is none');
    const large = { ...facts, parameters: 4e9 };
    expect(chooseBatch(large, 'cpu', projector)).toBe(chooseBatch(large, 'cpu'));
    expect(chooseBatch(large, 'cpu', { ...projector, kinds: ['gemma3'] })).toBeGreaterThanOrEqual(280);
  });

  it('has llama.cpp compute the model, unless a person wants another', () => {
    const seer = {
      engine: 'llama.cpp',
      bytes: 4e6,
      architecture: 'qwen3',
      senses: { sees: true, hears: false },
    } as const;
    expect(chooseEngine(seer, devices['gaming PC'], undefined).engine).toBe('llama.cpp');
    const wanted = chooseEngine({ ...seer, cpuEngine: 'cpu' }, devices['gaming PC'], undefined);
    expect(wanted.engine).toBe('cpu');
  });
});
