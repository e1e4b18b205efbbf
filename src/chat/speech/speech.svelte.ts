import { getLocale } from '../../text/paraglide/runtime.js';
import { loadPart } from '../../ui/load-part';

/**
 * Reads answers aloud, with voices of the device alone: others send every word to a server. One at a time.
 */
class Speech {
  #voices = $state.raw<readonly SpeechSynthesisVoice[]>([]);
  #speaking = $state<string | null>(null);
  readonly #synthesis = 'speechSynthesis' in globalThis ? globalThis.speechSynthesis : null;

  constructor() {
    // Many browsers know their voices only a moment later.
    this.#synthesis?.addEventListener?.('voiceschanged', () => this.#readVoices());
    this.#readVoices();
  }

  /** False where the device has no voice of its own. */
  get available(): boolean {
    return this.#voices.length > 0;
  }

  /** What is being read, by the id it was given; null for nothing. */
  get speaking(): string | null {
    return this.#speaking;
  }

  /** Reads a Markdown text; code and formulas are left out. Resolves when it has been read, or stopped. */
  async speak(id: string, markdown: string): Promise<void> {
    this.stop();
    const { languageOf, sentencesOf, speakable } = await loadPart(() => import('./speakable'));
    const text = speakable(markdown);
    const voice = this.#voiceFor(languageOf(text, getLocale()));
    if (!voice || text === '') return;
    this.#speaking = id;
    for (const sentence of sentencesOf(text)) {
      if (this.#speaking !== id) return;
      await this.#say(sentence, voice);
    }
    if (this.#speaking === id) this.#speaking = null;
  }

  stop(): void {
    this.#speaking = null;
    this.#synthesis?.cancel();
  }

  #readVoices(): void {
    this.#voices = this.#synthesis?.getVoices().filter(({ localService }) => localService) ?? [];
  }

  #voiceFor(language: string): SpeechSynthesisVoice | undefined {
    const speaks = ({ lang }: SpeechSynthesisVoice): boolean =>
      lang.toLowerCase().split(/[-_]/)[0] === language.split('-')[0];
    const fitting = this.#voices.filter(speaks);
    // "zh" alone may be Cantonese; what the page is in is what the reader understands.
    const near = fitting.find(({ lang }) => /^zh[-_](cn|hans)/i.test(lang)) ?? fitting.find((voice) => voice.default);
    return near ?? fitting[0] ?? this.#voices.find((voice) => voice.default) ?? this.#voices[0];
  }

  #say(sentence: string, voice: SpeechSynthesisVoice): Promise<void> {
    return new Promise((resolve) => {
      const utterance = new SpeechSynthesisUtterance(sentence);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.onend = () => resolve();
      // Also when it is cancelled.
      utterance.onerror = () => resolve();
      this.#synthesis?.speak(utterance);
    });
  }
}

/** One for the page: it goes on when another conversation is looked at. */
export const speech = new Speech();
