/** From the press on the button to words in the message: what becomes of what was said, whatever happens meanwhile. */
import { describe, expect, it, vi } from 'vitest';
import { Dictation, longestTake, type DictationParts, type Writing } from '../../src/chat/dictation/dictation.svelte';
import { soundRate, type Sound } from '../../src/chat/dictation/sound';
import { failed, type Result } from '../../src/shared/protocol/failure';
import { waitingSession } from '../fixtures/waiting-session';

const spoken = (seconds: number): Sound =>
  Int16Array.from({ length: seconds * soundRate }, (_, index) => (index % 2 === 0 ? 9000 : -9000));

type Record = NonNullable<DictationParts['record']>;
type Listener = Parameters<Record>[1];

/** A promise, and what settles it. */
function later<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => {};
  return { promise: new Promise<T>((resolve) => (settle = resolve)), settle };
}

/** A microphone and a model that do what the test says. */
function studio(more: { ready?: boolean; microphone?: Awaited<ReturnType<Record>>; record?: Record } = {}) {
  let listener: Listener | null = null;
  const stopped = vi.fn(() => Promise.resolve());
  const asked = vi.fn();
  const notices: string[] = [];
  const jobs: { readonly sound: Sound; readonly writing: Writing; settle(result: Result<string>): void }[] = [];
  const dictation = new Dictation({
    ready: () => Promise.resolve(more.ready ?? true),
    write: (sound: Sound, writing: Writing): Promise<Result<string>> =>
      new Promise((settle) => jobs.push({ sound, writing, settle })),
    notify: ({ text }: { readonly text: string }) => notices.push(text),
    record:
      more.record ??
      (((deviceId, given) => {
        asked(deviceId);
        listener = given;
        return Promise.resolve(more.microphone ?? { ok: true, value: { stop: stopped, deviceId: 'built-in' } });
      }) as Record),
  } as unknown as DictationParts);
  const { session } = waitingSession();
  return {
    dictation,
    session,
    jobs,
    notices,
    asked,
    stopped,
    hear: (seconds: number) => listener?.heard(spoken(seconds)),
    lose: () => listener?.lost({ kind: 'microphone-lost', technical: 'unplugged' }),
    states: () => dictation.takesOf(session).map(({ state }) => state),
  };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('dictation', () => {
  it('puts what was said after what is typed, and sends nothing', async () => {
    const { dictation, session, jobs, hear, states, stopped } = studio();
    session.draft = 'Dear all,';
    await dictation.start(session);
    expect(states()).toEqual(['recording']);
    hear(2);
    expect(dictation.takesOf(session)[0]?.seconds).toBe(2);
    await dictation.stop();
    expect(stopped).toHaveBeenCalledOnce();
    expect(states()).toEqual(['writing']);
    jobs[0]?.writing.told(0.5, 'good');
    expect(dictation.takesOf(session)[0]).toMatchObject({ fraction: 0.5, words: 'good' });
    jobs[0]?.settle({ ok: true, value: 'good morning' });
    await soon();
    expect(session.draft).toBe('Dear all, good morning');
    expect(session.path).toEqual([]);
    expect(dictation.busy).toBe(false);
  });

  it('asks for no microphone while there is no model for it', async () => {
    const { dictation, session, asked } = studio({ ready: false });
    await dictation.start(session);
    expect(asked).not.toHaveBeenCalled();
    expect(dictation.lacksModel(session)).toBe(true);
    dictation.dismiss();
    expect(dictation.shows(session)).toBe(false);
  });

  it.each(['microphone-refused', 'microphone-missing'] as const)('says so where it is %s', async (kind) => {
    const { dictation, session, states } = studio({ microphone: failed(kind, 'as the browser says') });
    await dictation.start(session);
    expect(dictation.failureOf(session)?.kind).toBe(kind);
    expect(states()).toEqual([]);
  });

  it('writes down what was heard until the microphone was taken away', async () => {
    const { dictation, session, jobs, hear, lose } = studio();
    await dictation.start(session);
    hear(3);
    lose();
    await soon();
    expect(jobs[0]?.sound.length).toBe(3 * soundRate);
    jobs[0]?.settle({ ok: true, value: 'half a sentence' });
    await soon();
    expect(session.draft).toBe('half a sentence');
    expect(dictation.failureOf(session)?.kind).toBe('microphone-lost');
  });

  it('ends by itself at its longest, which is told, and keeps all of it', async () => {
    const { dictation, session, jobs, hear, notices } = studio();
    await dictation.start(session);
    hear(longestTake);
    await soon();
    expect(jobs[0]?.sound.length).toBe(longestTake * soundRate);
    expect(notices.join()).toContain('10 minutes');
  });

  it('goes into the chat that it was begun in, though another is looked at', async () => {
    const { dictation, session, jobs, hear } = studio();
    const other = waitingSession().session;
    await dictation.start(session);
    hear(1);
    dictation.leave(session);
    await soon();
    expect(dictation.recorded).toBeNull();
    expect(dictation.shows(other)).toBe(false);
    jobs[0]?.settle({ ok: true, value: 'for the first chat' });
    await soon();
    expect([session.draft, other.draft]).toEqual(['for the first chat', '']);
  });

  it('is begun once by two presses, and not where nobody sees it any more', async () => {
    const { dictation, session, asked, states } = studio();
    await Promise.all([dictation.start(session), dictation.start(session)]);
    expect(asked).toHaveBeenCalledOnce();
    expect(states()).toEqual(['recording']);
    await dictation.stop();
    await dictation.start(waitingSession().session, () => false);
    expect(asked).toHaveBeenCalledOnce();
    expect(dictation.recorded).toBeNull();
  });

  it('holds one microphone, however often another is chosen before it is there', async () => {
    const given: ReturnType<typeof later<Awaited<ReturnType<Record>>>>[] = [];
    const heard: Listener[] = [];
    const stops = [vi.fn(), vi.fn(), vi.fn()];
    const microphone = (index: number) =>
      ({ ok: true, value: { deviceId: `${index}`, stop: async () => void stops[index]?.() } }) as never;
    const { dictation, session } = studio({
      record: (_, listener) => {
        heard.push(listener);
        given.push(later());
        return given.at(-1)?.promise as never;
      },
    });
    const started = dictation.start(session);
    await soon();
    given[0]?.settle(microphone(0));
    await started;
    const second = dictation.useMicrophone('1');
    await soon();
    const third = dictation.useMicrophone('2');
    await soon();
    given[2]?.settle(microphone(2));
    given[1]?.settle(microphone(1));
    await Promise.all([second, third]);
    expect(stops.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
    expect(dictation.deviceId).toBe('2');
    heard[1]?.heard(spoken(5));
    heard[2]?.heard(spoken(1));
    expect(dictation.takesOf(session)[0]?.seconds).toBe(1);
    await dictation.stop();
    expect(stops[2]).toHaveBeenCalledOnce();
  });

  it('puts words at the caret only while its own chat is in the field', async () => {
    const { dictation, session, jobs, hear } = studio();
    session.draft = 'Dear Ann, ';
    const field = document.body.appendChild(document.createElement('textarea'));
    dictation.place = { session, field };
    await dictation.start(session);
    hear(1);
    dictation.leave(session);
    field.value = 'Another chat';
    field.setSelectionRange(0, 7);
    await soon();
    jobs[0]?.settle({ ok: true, value: 'good morning' });
    await soon();
    expect(session.draft).toBe('Dear Ann, good morning');
    field.remove();
  });

  it('is no work that goes on by itself while a file waits for a decision', async () => {
    const { dictation, session, states, notices } = studio();
    const files = Array.from({ length: 25 }, (_, index) => new File(['no sound'], `${index}.mp3`));
    let decoding = 0;
    let most = 0;
    vi.spyOn(dictation, 'readFile').mockImplementation(async (take) => {
      most = Math.max(most, (decoding += 1));
      await soon();
      decoding -= 1;
      take.fail({ kind: 'sound-unreadable', technical: 'a test' });
    });
    dictation.addFiles(session, files);
    expect(dictation.busy).toBe(true);
    expect(states()).toHaveLength(20);
    expect(notices.join()).toContain('20');
    await vi.waitUntil(() => states().every((state) => state === 'failed'));
    expect(most).toBe(1);
    expect(dictation.busy).toBe(false);
    expect(dictation.awaits(session)).toBe(true);
  });

  it('is given up without a word, while it is recorded and while it is written down', async () => {
    const { dictation, session, jobs, hear, stopped } = studio();
    await dictation.start(session);
    hear(1);
    const [first] = dictation.takesOf(session);
    if (first) await dictation.cancel(first);
    expect(stopped).toHaveBeenCalledOnce();
    expect(jobs).toEqual([]);
    await dictation.start(session);
    hear(1);
    await dictation.stop();
    const [second] = dictation.takesOf(session);
    if (second) await dictation.cancel(second);
    expect(jobs[0]?.writing.signal.aborted).toBe(true);
    jobs[0]?.settle(failed('cancelled', 'as it should be'));
    await soon();
    expect(session.draft).toBe('');
    expect(dictation.shows(session)).toBe(false);
  });

  it('keeps the sound when the model fails, for another try, and the words that had come', async () => {
    const { dictation, session, jobs, hear, states } = studio();
    await dictation.start(session);
    hear(1);
    await dictation.stop();
    jobs[0]?.writing.told(0.4, 'first words');
    jobs[0]?.settle(failed('out-of-memory', 'both do not fit'));
    await soon();
    expect(states()).toEqual(['failed']);
    const [take] = dictation.takesOf(session);
    if (!take) throw new Error('it is gone');
    await dictation.writeDown(take);
    expect(jobs[1]?.sound.length).toBe(soundRate);
    jobs[1]?.writing.told(0.4, 'first words');
    jobs[1]?.settle(failed('out-of-memory', 'still'));
    await soon();
    dictation.putAway(take);
    expect(session.draft).toBe('first words');
  });

  it('has no words for silence, and asks no model', async () => {
    const { dictation, session, jobs, notices } = studio();
    await dictation.start(session);
    dictation.takesOf(session)[0]?.add(new Int16Array(soundRate));
    await dictation.stop();
    await soon();
    expect(jobs).toEqual([]);
    expect(notices).toEqual(['No speech was heard.']);
    expect(dictation.shows(session)).toBe(false);
  });

  it('keeps the words that have come when the page goes away', async () => {
    const { dictation, session, jobs, hear } = studio();
    await dictation.start(session);
    hear(1);
    await dictation.stop();
    jobs[0]?.writing.told(0.5, 'until here');
    vi.useFakeTimers();
    const settled = dictation.settle();
    await vi.advanceTimersByTimeAsync(3000);
    await settled;
    vi.useRealTimers();
    expect(session.draft).toBe('until here');
    expect(dictation.busy).toBe(false);
  });
});
