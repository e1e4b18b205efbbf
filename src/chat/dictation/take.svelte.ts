import type { Failure } from '../../shared/protocol/failure';
import type { ChatSession } from '../chat-session.svelte';
import { joinSounds, secondsOf, soundRate, type Sound } from './sound';

type TakeState =
  /** The browser asks the person for the microphone. */
  | 'asking'
  | 'recording'
  /** An audio file is decoded. */
  | 'reading'
  /** An audio file: what is done with it is the person's choice. */
  | 'ready'
  /** A model writes down what is said in it. */
  | 'writing'
  | 'failed';

/** Something said, on its way to words: recorded, or from a file. It belongs to the chat that it was begun in, wherever one goes. */
export class Take {
  readonly id = crypto.randomUUID();
  state = $state<TakeState>('asking');
  failure = $state.raw<Failure | null>(null);
  /** Whole seconds: with each piece of sound, all that shows them would be drawn anew. */
  seconds = $state(0);
  /** How much of it is written down, 0 to 1; null until that is known. */
  fraction = $state<number | null>(null);
  /** What is written down so far. */
  words = $state('');
  #pieces: Sound[] = [];
  #samples = 0;
  readonly abort = new AbortController();

  constructor(
    readonly session: ChatSession,
    /** Null for what was recorded here. */
    readonly file: File | null,
  ) {
    if (file) this.state = 'reading';
  }

  get sound(): Sound {
    return joinSounds(this.#pieces);
  }

  add(piece: Sound): void {
    this.#pieces.push(piece);
    this.#samples += piece.length;
    this.seconds = Math.floor(this.#samples / soundRate);
  }

  /** @param sound all of it */
  take(sound: Sound): void {
    this.#pieces = [sound];
    this.#samples = sound.length;
    this.seconds = Math.max(1, Math.round(secondsOf(sound)));
  }

  fail(failure: Failure): void {
    this.failure = failure;
    this.state = 'failed';
  }
}
