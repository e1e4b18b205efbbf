import type { SpeechModels } from '../../models/speech/speech-models.svelte';
import type SpeechModelOffer from '../../models/speech/SpeechModelOffer.svelte';
import { failureFrom, type Failure, type Result } from '../../shared/protocol/failure';
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { loadPart } from '../../ui/load-part';
import { keepText, keptText } from '../../ui/local-text';
import type { ChatSession } from '../chat-session.svelte';
import { speech } from '../speech/speech.svelte';
import { PendingFile } from '../files/pending-file.svelte';
import { mostFiles } from '../files/pending-files.svelte';
import { insertWords } from './insert-words';
import type { Recorder } from './recorder';
import { isSilent, loudnessOf, secondsOf, wavOf, type Sound } from './sound';
import { Take } from './take.svelte';

/** What somebody who writes words down tells while they do. */
export interface Writing {
  readonly signal: AbortSignal;
  /** @param words all so far */
  told(fraction: number, words: string): void;
}

export interface DictationParts {
  /** Whether there is a model on this device that writes down what is said. */
  ready(): Promise<boolean>;
  write(sound: Sound, writing: Writing): Promise<Result<string>>;
  /** Leads to such a model, where there is none. */
  readonly Offer: typeof SpeechModelOffer;
  readonly models: SpeechModels;
  notify(notice: { readonly text: string }): void;
  record?: typeof Recorder.start;
}

/** A field of words, and the chat that it belongs to. */
interface Place {
  readonly session: ChatSession;
  readonly field: HTMLTextAreaElement;
}

/** Longer than anybody speaks at once, in seconds. */
export const longestTake = 600;
/** A press of a key or a slip is no speech, in seconds. */
const shortestTake = 0.3;
/** More characters than this are no sentence of one's own: they come as a file. */
const longWords = 2000;
/** A page that goes away waits this long for words that are being written, in ms. */
const settleMs = 2500;
const microphoneKey = 'sotto.microphone';

/** Speech that becomes words in the message box: what is recorded, what is written down, and for which chat. */
export class Dictation {
  #takes = $state.raw<readonly Take[]>([]);
  /** The chat that was to be dictated into, while there is no model for it. */
  #lacking = $state.raw<ChatSession | null>(null);
  #failure = $state.raw<{ readonly failure: Failure; readonly session: ChatSession } | null>(null);
  #said = $state('');
  #recorder: Recorder | null = null;
  /** Between the press and the first look at which models there are. */
  #starting = false;
  /** How often a microphone was asked for: one that comes after another was chosen is let go. */
  #attempts = 0;
  /** Audio files are decoded one after the other: half an hour takes hundreds of megabytes meanwhile. */
  #reading: Promise<void> = Promise.resolve();
  #running: Promise<void>[] = [];
  /** Hears how loud the microphone is, 0 to 1. */
  onLevel: (loudness: number) => void = () => {};
  /** Where words go at the caret. */
  place: Place | null = null;

  constructor(private readonly parts: DictationParts) {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.recorded?.state === 'recording') void this.stop();
    });
  }

  get offer(): Pick<DictationParts, 'Offer' | 'models'> {
    return this.parts;
  }
  /** For a live region. */
  get said(): string {
    return this.#said;
  }
  /** The one that the microphone is used for. */
  get recorded(): Take | null {
    return this.#takes.find(({ state }) => state === 'asking' || state === 'recording') ?? null;
  }
  /** Whether something goes on by itself. What waits for a decision, or has failed, does not: it would keep the app from being locked. */
  get busy(): boolean {
    return this.#takes.some(({ state }) => state !== 'ready' && state !== 'failed');
  }

  takesOf(session: ChatSession): readonly Take[] {
    return this.#takes.filter((take) => take.session === session);
  }
  /** Whether words may still come into this chat. */
  awaits(session: ChatSession): boolean {
    return this.takesOf(session).length > 0;
  }
  lacksModel(session: ChatSession): boolean {
    return this.#lacking === session;
  }
  failureOf(session: ChatSession): Failure | null {
    return this.#failure?.session === session ? this.#failure.failure : null;
  }
  /** Whether there is anything to be shown in this chat. */
  shows(session: ChatSession): boolean {
    return this.awaits(session) || this.lacksModel(session) || this.failureOf(session) !== null;
  }

  dismiss(): void {
    this.#failure = this.#lacking = null;
  }

  /**
   * Asks for the microphone and records; without a model, says what is needed instead.
   * @param isShown whether the chat is still on the screen: elsewhere nobody would see that the microphone is on
   */
  async start(session: ChatSession, isShown: () => boolean = () => true): Promise<void> {
    if (this.recorded !== null || this.#starting) return;
    this.dismiss();
    this.#starting = true;
    try {
      if (!(await this.parts.ready())) {
        this.#lacking = session;
        return;
      }
    } finally {
      this.#starting = false;
    }
    if (!isShown()) return;
    // It would be heard.
    speech.stop();
    const take = new Take(session, null);
    this.#takes = [...this.#takes, take];
    this.#said = m.dictation_allow();
    await this.#record(take, keptText(microphoneKey));
  }

  async #record(take: Take, deviceId: string | null): Promise<void> {
    const attempt = (this.#attempts += 1);
    let isWanted = true;
    try {
      const record = this.parts.record ?? (await loadPart(() => import('./recorder'))).Recorder.start;
      const begun = await record(deviceId, {
        heard: (piece) => {
          if (isWanted) this.#hear(take, piece);
        },
        lost: (failure) => {
          if (!isWanted) return;
          this.#failure = { failure, session: take.session };
          void this.stop();
        },
      });
      // Cancelled while the browser asked, or ended or changed once more while the microphone was changed.
      isWanted = this.recorded === take && attempt === this.#attempts;
      if (!isWanted) return void (begun.ok && begun.value.stop());
      if (!begun.ok) return this.#refuse(take, begun.failure);
      this.#recorder = begun.value;
      take.state = 'recording';
      this.#said = m.dictation_recording();
    } catch (error) {
      this.#refuse(take, failureFrom(error));
    }
  }

  #refuse(take: Take, failure: Failure): void {
    // What was heard before another microphone was chosen stays.
    const heard = take.seconds > 0;
    if (!heard) this.#drop(take);
    this.#failure = { failure, session: take.session };
    if (heard) this.#begin(take);
  }

  #hear(take: Take, piece: Sound): void {
    take.add(piece);
    this.onLevel(loudnessOf(piece));
    if (take.seconds < longestTake || take.state !== 'recording') return;
    this.parts.notify({ text: m.dictation_limit({ count: formatCount(longestTake / 60) }) });
    void this.stop();
  }

  /** Which microphone is used; null for whichever the browser takes. */
  get deviceId(): string | null {
    return this.#recorder?.deviceId ?? keptText(microphoneKey);
  }

  /** Goes on with another microphone, now and the next times. */
  async useMicrophone(deviceId: string): Promise<void> {
    keepText(microphoneKey, deviceId);
    const take = this.recorded;
    if (take?.state !== 'recording') return;
    const attempt = (this.#attempts += 1);
    const before = this.#recorder;
    this.#recorder = null;
    await before?.stop();
    if (attempt === this.#attempts) await this.#record(take, deviceId);
  }

  /** Ends the recording; what was heard is written down. */
  async stop(): Promise<void> {
    const take = this.recorded;
    if (take?.state !== 'recording') {
      if (take) this.#drop(take);
      return;
    }
    take.state = 'writing';
    this.onLevel(0);
    const recorder = this.#recorder;
    this.#recorder = null;
    await recorder?.stop();
    this.#begin(take);
  }

  /** Another chat or screen is looked at: what was heard goes on into the message of the chat that it belongs to. */
  leave(session: ChatSession): void {
    // The same field shows the words of another chat from now on.
    if (this.place?.session === session) this.place = null;
    if (this.recorded?.session === session) void this.stop();
  }

  /** Gives up a take: what was heard, and what is written of it. */
  async cancel(take: Take): Promise<void> {
    const isRecorded = take === this.recorded;
    this.#drop(take);
    if (!isRecorded) return;
    const recorder = this.#recorder;
    this.#recorder = null;
    await recorder?.stop();
  }

  /** Puts a take away that failed; the words that came of it are kept. */
  putAway(take: Take): void {
    if (take.words !== '') this.#insert(take, take.words);
    this.#drop(take);
  }

  /** Audio files, for a chat. */
  addFiles(session: ChatSession, files: readonly File[]): void {
    const taken = files.slice(0, Math.max(0, mostFiles - this.takesOf(session).length));
    if (taken.length < files.length) this.parts.notify({ text: m.file_too_many({ count: formatCount(mostFiles) }) });
    const takes = taken.map((file) => new Take(session, file));
    this.#takes = [...this.#takes, ...takes];
    for (const take of takes)
      this.#reading = this.#reading.then(() => (this.#takes.includes(take) ? this.readFile(take) : undefined));
  }

  async readFile(take: Take): Promise<void> {
    if (take.file === null) return;
    take.state = 'reading';
    try {
      const { readSound } = await loadPart(() => import('./read-sound'));
      const read = await readSound(take.file, take.abort.signal);
      if (!read.ok) return take.fail(read.failure);
      take.take(read.value);
      take.state = 'ready';
    } catch (error) {
      take.fail(failureFrom(error, 'sound-unreadable'));
    }
  }

  /** Has the words of a take written down, also once more. */
  async writeDown(take: Take): Promise<void> {
    this.dismiss();
    if (!(await this.parts.ready())) this.#lacking = take.session;
    else if (take.seconds === 0 && take.file) await this.readFile(take);
    else this.#begin(take);
  }

  /** Sends a sound as it is, for a model that hears. From now on it is kept with the draft, and with the message. */
  attach(take: Take): void {
    const { session, file, sound, seconds } = take;
    const pending = new PendingFile(wavOf(sound), file?.name ?? '');
    pending.show(pending.file, undefined, { seconds });
    session.files.putBack([pending]);
    this.#drop(take);
  }

  /**
   * Before the page goes away: the recording ends, and words are waited for, but not long; those that have come are kept. The sound
   * itself is never stored.
   */
  async settle(): Promise<void> {
    await this.stop();
    if (this.#running.length === 0) return;
    await Promise.race([Promise.all(this.#running), new Promise((resolve) => setTimeout(resolve, settleMs))]);
    for (const take of this.#takes) if (take.state === 'writing') this.putAway(take);
  }

  #begin(take: Take): void {
    const running = this.#write(take).finally(() => (this.#running = this.#running.filter((one) => one !== running)));
    this.#running.push(running);
  }

  async #write(take: Take): Promise<void> {
    take.state = 'writing';
    take.failure = take.fraction = null;
    take.words = '';
    const { sound } = take;
    if (secondsOf(sound) < shortestTake || isSilent(sound)) return this.#nothing(take);
    this.#said = m.dictation_writing();
    const written = await this.parts.write(sound, {
      signal: take.abort.signal,
      told: (fraction, words) => {
        take.fraction = fraction;
        take.words = words;
      },
    });
    if (!this.#takes.includes(take)) return;
    this.#said = '';
    if (!written.ok) return take.fail(written.failure);
    if (written.value === '') return this.#nothing(take);
    this.#insert(take, written.value);
    this.#drop(take);
    this.#said = m.dictation_done();
  }

  #nothing(take: Take): void {
    this.#drop(take);
    this.parts.notify({ text: m.dictation_nothing() });
  }

  #insert({ session, file }: Take, words: string): void {
    if (file && words.length > longWords) {
      session.files.addText(words, `${file.name}.txt`);
      return;
    }
    const { place } = this;
    const field = place?.session === session && place.field.isConnected ? place.field : null;
    const { text, caret } = insertWords(session.draft, words, field?.selectionStart, field?.selectionEnd);
    session.draft = text;
    if (field === null) return;
    const { activeElement } = document;
    // Whoever does something else meanwhile is not called away.
    if (activeElement !== document.body && !field.form?.contains(activeElement)) return;
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(caret, caret);
    });
  }

  #drop(take: Take): void {
    take.abort.abort();
    this.#takes = this.#takes.filter((one) => one !== take);
    this.#said = '';
  }
}
