/** One answer: reads the prompt as far as it is not known, and writes token by token, or several where they could be guessed. */
import type { FinishReason, GenerationRequest } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import { biasOfTokens } from '../../../src/shared/domain/logit-bias';
import { thoughtMarks } from '../../../src/shared/domain/thought-marks';
import { isContinuation, schemaOf } from '../check-request';
import type { EngineResult, TokenSink } from '../engine';
import { mostLogits } from './model-plan';
import type { RunningModel } from './running-model';
import type { GrammarMatcher } from './sampling/grammar';
import { usualCosts } from './sampling/lookup-gauge';
import { PromptLookup, mostGuesses } from './sampling/prompt-lookup';
import { Sampler } from './sampling/sampler';
import { StopStrings } from './sampling/stop-strings';
import { allowedGuesses, checkGuesses } from './sampling/verify';
import { TokenText } from './text/token-text';

/** @throws FailureError `context-exceeded`, `schema-invalid`, `model-template-broken`, `model-not-finite`, `engine-crashed` */
export async function writeAnswer(
  running: RunningModel,
  request: GenerationRequest,
  sink: TokenSink,
  signal: AbortSignal,
): Promise<EngineResult> {
  const { model, sequence, prompts, kept } = running;
  const asked = await prompts.of(request, signal);
  if (asked === null) return { finishReason: 'cancelled', promptTokens: 0, reusedTokens: 0 };
  const { tokens: prompt, opening } = asked;
  const { contextTokens } = model.options;
  if (prompt.length >= contextTokens)
    throw new FailureError({
      kind: 'context-exceeded',
      technical: `a prompt of ${prompt.length} tokens in a window of ${contextTokens}`,
      numbers: { promptTokens: prompt.length, contextTokens },
    });
  const form = await formOf(running, request);
  let ended: ((tokens: readonly number[]) => void) | undefined;
  try {
    if (request.reuseCache === false) sequence.beginAnew();
    const brought = (tokens: number): void => sink.prefillProgress(Math.min(tokens, prompt.length), prompt.length);
    ended = await kept?.begin(request, prompt, { signal, progress: brought });
    const reusedTokens = sequence.begin(prompt);
    const answer = new Answer(running, request, prompt, opening, sink, form);
    const tell = (done: number): void => sink.prefillProgress(reusedTokens + done, prompt.length);
    tell(0);
    const checkpoint = turnStart(prompt, running);
    const whole = await sequence.extend(prompt.slice(reusedTokens), { signal, progress: tell, checkpoint });
    const finishReason = whole ? await answer.write(signal) : 'cancelled';
    const promptTokens = Math.min(sequence.length, prompt.length) - reusedTokens;
    return { finishReason, promptTokens, reusedTokens, guessedTokens: answer.guessedTokens };
  } finally {
    ended?.(sequence.tokens);
    form?.dispose();
  }
}

/**
 * Where the turn of the answer begins: what is asked next repeats the prompt up to here, but seldom what the template has written
 * behind it, an opened thought for instance.
 */
function turnStart(prompt: readonly number[], { tokenizer }: RunningModel): number {
  const last = prompt.findLastIndex((token) => tokenizer.isControl(token));
  return last > 0 ? last : prompt.length - 1;
}

/** What the answer has to look like; a continued one is in the middle of it, where nothing could be demanded. */
async function formOf({ grammars }: RunningModel, request: GenerationRequest): Promise<GrammarMatcher | undefined> {
  const schema = isContinuation(request) ? undefined : schemaOf(request.sampling);
  return schema === undefined ? undefined : grammars.matcherFor(schema);
}

const closers = thoughtMarks.map(([, closer]) => closer);
const longestCloser = Math.max(...closers.map(({ length }) => length)) + 32;

class Answer {
  guessedTokens = 0;
  readonly #sampler: Sampler;
  readonly #lookup: PromptLookup;
  readonly #text = new TokenText();
  readonly #stops: StopStrings;
  #written = 0;
  #last = -1;
  #opening: string;
  /** The last of what was thought, while an answer with a form has not begun. */
  #thought = '';
  #isThinking: boolean;

  constructor(
    private readonly running: RunningModel,
    private readonly request: GenerationRequest,
    prompt: readonly number[],
    opening: string,
    private readonly sink: TokenSink,
    private readonly form: GrammarMatcher | undefined,
  ) {
    const { sampling } = request;
    this.#opening = opening;
    this.#isThinking = form !== undefined && opening !== '';
    const logitBias = biasOfTokens(sampling.logitBias ?? {}, (text) => running.tokenizer.encode(text, false));
    this.#sampler = new Sampler({ ...sampling, logitBias }, running.model.architecture.vocabulary);
    this.#sampler.see(prompt);
    this.#lookup = new PromptLookup(running.gauge);
    this.#lookup.read(prompt);
    this.#stops = new StopStrings(sampling.stop ?? []);
  }

  /** The logits of the prompt's last token are there. */
  async write(signal: AbortSignal): Promise<FinishReason> {
    const { sequence, passTimes } = this.running;
    let finish = this.#take(await this.#check([]));
    while (finish === null) {
      const guesses = this.#guesses();
      const evaluated = sequence.length;
      const start = performance.now();
      // What was drawn last is not evaluated yet.
      const whole = await sequence.extend([this.#last, ...guesses], { signal, logitCount: guesses.length + 1 });
      if (!whole) return 'cancelled';
      passTimes.note(guesses.length + 1, performance.now() - start);
      const tokens = await this.#check(guesses);
      sequence.cut(evaluated + tokens.length);
      finish = this.#take(tokens);
    }
    return finish;
  }

  async #check(guesses: readonly number[]): Promise<readonly number[]> {
    const { model, tokenizer } = this.running;
    const { tokens, guessed } = await checkGuesses(this.#sampler, guesses, (row) => model.logits(row), {
      form: this.#isThinking ? undefined : this.form,
      isLast: (token) => tokenizer.endTokens.has(token),
    });
    this.guessedTokens += guessed;
    return tokens;
  }

  #guesses(): readonly number[] {
    const { sequence, model, passTimes, gauge } = this.running;
    // A state that has read a wrong guess cannot forget it.
    if (model.stateBytes > 0) return [];
    const room = model.options.contextTokens - sequence.length - 1;
    const left = (this.request.sampling.maxTokens ?? Infinity) - this.#written - 1;
    const most = Math.min(mostGuesses, mostLogits - 1, room, left);
    if (most < 1) return [];
    gauge.costs = passTimes.costs(usualCosts);
    const guesses = this.#lookup.guess(most);
    // Where a thought ends is not known before: the form begins there, and what is guessed beyond it would escape it.
    if (this.#isThinking) return [];
    return guesses.length === 0 || !this.form ? guesses : allowedGuesses(guesses, this.form);
  }

  /** Shows tokens that were chosen. @returns why the answer is at its end; null where it goes on */
  #take(tokens: readonly number[]): FinishReason | null {
    const { tokenizer, sequence, model } = this.running;
    for (const [index, token] of tokens.entries()) {
      this.#written += 1;
      this.#last = token;
      this.#lookup.learn(token);
      const isEnd = tokenizer.endTokens.has(token);
      let text = isEnd ? '' : this.#stops.push(this.#text.push(tokenizer.bytesOf(token)));
      let finish: FinishReason | null = isEnd || this.#stops.met ? 'stop' : null;
      if (this.#written >= (this.request.sampling.maxTokens ?? Infinity)) finish ??= 'length';
      const isLast = index === tokens.length - 1;
      if (isLast && sequence.length >= model.options.contextTokens) finish ??= 'context-full';
      // What was held back as the beginning of a stop string, or of a character, goes out with the last token.
      if (finish !== null && !this.#stops.met) text += this.#stops.push(this.#text.flush()) + this.#stops.flush();
      this.#note(text);
      this.sink.token(this.#opened(text));
      if (finish !== null) return finish;
    }
    return null;
  }

  /** A thought that the template has opened ends where the model says so; only then an answer can have a form. */
  #note(text: string): void {
    if (!this.#isThinking) return;
    this.#thought = (this.#thought + text).slice(-longestCloser);
    this.#isThinking = !closers.some((closer) => this.#thought.includes(closer));
  }

  /** The first text brings what the template put before it. */
  #opened(text: string): string {
    if (text === '' || this.#opening === '') return text;
    const opening = this.#opening;
    this.#opening = '';
    return opening + text;
  }
}
