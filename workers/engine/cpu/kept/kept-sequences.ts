/**
 * What a model has read of conversations, kept on the device: brought back before a prompt is read, written while the engine
 * rests. It is only ever a shortcut. Whatever goes wrong here is not told, and the prompt is read as if nothing had been kept.
 */
import type { GenerationRequest, SealingKey } from '../../../../src/shared/protocol/engine';
import type { CacheRule, KeptSequenceRecord } from '../../../../src/shared/platform/prompt-cache-database';
import { blockPositions } from '../cache-regions';
import { commonLength } from '../left-sequences';
import type { CacheBlocks, ExtendOptions, Sequence } from '../sequence';
import { Envelope } from './envelope';
import { keyOf, type KeptStore } from './kept-store';

/** Fewer tokens than this are read again soon enough. */
const fewestTokens = 256;

/** How long the engine has to rest before anything is written, in ms: the next question may come at once. */
const restMs = 2000;
/** What is not written in this time when the model is given up is not kept, in ms: somebody waits for the next one. */
const lastMs = 1500;
/** How long an answer waits for a database that does not answer, in ms. */
const patienceMs = 1000;

type KeptPart = Pick<Sequence, 'known' | 'take' | 'blocksOf'>;
type Asked = Pick<GenerationRequest, 'conversationId' | 'sealing' | 'reuseCache'>;

/** A conversation that has gone on and is to be written. */
interface Due {
  readonly conversationId: string;
  readonly sealing: SealingKey | undefined;
  readonly tokens: readonly number[];
  /** As it was when the conversation was asked: what was forbidden since then is not written. */
  readonly rule: Promise<CacheRule | null>;
}

interface Found {
  readonly record: KeptSequenceRecord;
  readonly tokens: readonly number[];
  readonly common: number;
}

export class KeptSequences {
  readonly #due = new Map<string, Due>();
  #writing: AbortController | null = null;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: KeptStore,
    private readonly modelKey: string,
    private readonly sequence: KeptPart,
  ) {}

  /** Nothing is written any more until the next answer has ended. */
  pause(): void {
    clearTimeout(this.#rest);
    this.#writing?.abort();
  }

  /**
   * An answer begins: brings back what is kept of its prompt, where that saves much.
   * @returns to be called when the answer has ended, with all tokens that the cache holds then
   */
  async begin(
    { conversationId, sealing, reuseCache = true }: Asked,
    prompt: readonly number[],
    options: Pick<ExtendOptions, 'signal' | 'progress'>,
  ): Promise<(tokens: readonly number[]) => void> {
    this.pause();
    if (conversationId === undefined) return () => this.#restLater();
    const rule = this.store.rule().catch(() => null);
    if (reuseCache && prompt.length - this.sequence.known(prompt) > fewestTokens)
      await this.#bring(prompt, rule, sealing, options);
    return (tokens) => {
      this.#due.set(conversationId, { conversationId, sealing, tokens: [...tokens], rule });
      this.#restLater();
    };
  }

  /** The model is given up: writes what is still due, as far as there is time. */
  async end(): Promise<void> {
    this.pause();
    const timer = setTimeout(() => this.#writing?.abort(), lastMs);
    await this.#writeDue();
    clearTimeout(timer);
    this.pause();
    this.store.close();
  }

  #restLater(): void {
    if (this.#due.size > 0) this.#rest = setTimeout(() => void this.#writeDue(), restMs);
  }

  async #bring(
    prompt: readonly number[],
    rule: Promise<CacheRule | null>,
    sealing: SealingKey | undefined,
    options: Pick<ExtendOptions, 'signal' | 'progress'>,
  ): Promise<void> {
    try {
      const envelope = envelopeUnder(await soon(rule), sealing);
      if (envelope === null) return;
      const records = (await soon(this.store.recordsOf(this.modelKey))) ?? [];
      const found = await this.#closest(records, prompt, envelope);
      if (found === null || found.common - this.sequence.known(prompt) < fewestTokens) return;
      const { record, tokens } = found;
      const key = keyOf(record);
      // All positions of a block come together.
      const wanted = tokens.slice(0, Math.ceil(found.common / blockPositions) * blockPositions);
      const whole = await this.sequence.take(
        wanted,
        async (index) => {
          const closed = await this.store.block(key, index);
          return closed ? envelope.open(closed, await placeOfBlock(record, tokens, index)) : null;
        },
        options,
      );
      await (whole ? this.store.touch(key, Date.now()) : this.store.remove(key));
    } catch {
      // Then it is read.
    }
  }

  /** Of those that open; those that do not are deleted. */
  async #closest(
    records: readonly KeptSequenceRecord[],
    prompt: readonly number[],
    envelope: Envelope,
  ): Promise<Found | null> {
    let best: Found | null = null;
    for (const record of records) {
      const tokens = await tokensOf(record, envelope);
      if (tokens === null) await this.store.remove(keyOf(record));
      const common = tokens === null ? 0 : commonLength(tokens, prompt);
      if (tokens !== null && common > (best?.common ?? 0)) best = { record, tokens, common };
    }
    return best;
  }

  async #writeDue(): Promise<void> {
    const writing = new AbortController();
    this.#writing = writing;
    for (const due of [...this.#due.values()]) {
      // Until it is whole, a question in between must not end it for good.
      const done = await this.#write(due, writing.signal).catch(() => true);
      if (writing.signal.aborted) return;
      if (done && this.#due.get(due.conversationId) === due) this.#due.delete(due.conversationId);
    }
  }

  /** @returns false when it was interrupted */
  async #write({ conversationId, sealing, tokens, rule }: Due, signal: AbortSignal): Promise<boolean> {
    const allowed = await rule;
    const envelope = envelopeUnder(allowed, sealing);
    const blocks = this.sequence.blocksOf(tokens);
    if (allowed === null || envelope === null || blocks === null || blocks.tokens.length < fewestTokens) return true;
    const stored = (await this.store.recordsOf(this.modelKey)).find(
      (record) => record.conversationId === conversationId,
    );
    const before = stored ? await tokensOf(stored, envelope) : null;
    const same = before === null ? 0 : commonLength(before, blocks.tokens);
    const grown = blocks.tokens.length - same;
    if (grown < Math.min(fewestTokens, same / 4)) return true;
    let record: KeptSequenceRecord | undefined = stored;
    for (let index = Math.floor(same / blockPositions); index * blockPositions < blocks.tokens.length; index += 1) {
      if (signal.aborted) return false;
      const next = await this.#blockWrite(blocks, index, { conversationId, envelope, before: record });
      // Copied before anything else could be asked of the model; what comes now is done beside it.
      const written = await this.store.write({ ...next, follows: record?.revision, ruleVersion: allowed.version });
      if (!written) return true;
      record = next.record;
    }
    return true;
  }

  async #blockWrite(
    { tokens, copy }: CacheBlocks,
    index: number,
    {
      conversationId,
      envelope,
      before,
    }: {
      readonly conversationId: string;
      readonly envelope: Envelope;
      readonly before: KeptSequenceRecord | undefined;
    },
  ): Promise<{ record: KeptSequenceRecord; index: number; block: Uint8Array<ArrayBuffer> }> {
    const from = index * blockPositions;
    const to = Math.min(tokens.length, from + blockPositions);
    const bytes = copy(from, to);
    const key = { conversationId, modelKey: this.modelKey };
    const block = await envelope.close(bytes, await placeOfBlock(key, tokens.slice(0, to), index));
    const list = new Uint8Array(new Uint32Array(tokens.slice(0, to)).buffer);
    const record: KeptSequenceRecord = {
      ...key,
      blockBytes: [...(before?.blockBytes ?? []).slice(0, index), block.length],
      usedAt: Date.now(),
      revision: crypto.randomUUID(),
      keyId: envelope.keyId,
      tokens: await envelope.close(list, placeOfTokens(key)),
    };
    return { record, index, block };
  }
}

type Key = Pick<KeptSequenceRecord, 'conversationId' | 'modelKey'>;

const placeOfTokens = ({ conversationId, modelKey }: Key): string => `tokens ${conversationId} ${modelKey}`;

/** A block holds true for all tokens up to its end, not only for its own. @param tokens the sequence, at least to its end */
async function placeOfBlock(
  { conversationId, modelKey }: Key,
  tokens: readonly number[],
  index: number,
): Promise<string> {
  const until = new Uint32Array(tokens.slice(0, (index + 1) * blockPositions));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', until));
  return `block ${index} ${conversationId} ${modelKey} ${until.length} ${digest.join(' ')}`;
}

async function tokensOf(record: KeptSequenceRecord, envelope: Envelope): Promise<readonly number[] | null> {
  if (record.keyId !== envelope.keyId) return null;
  const bytes = await envelope.open(record.tokens, placeOfTokens(record));
  if (bytes === null || bytes.length % 4 !== 0) return null;
  const tokens = [...new Uint32Array(bytes.slice().buffer)];
  return Math.ceil(tokens.length / blockPositions) === record.blockBytes.length ? tokens : null;
}

/** How things are kept now; null where nothing may be, or where the key for it is not here. */
function envelopeUnder(rule: CacheRule | null, sealing: SealingKey | undefined): Envelope | null {
  if (rule === null || rule.mostBytes === 0 || rule.keyId !== (sealing?.keyId ?? null)) return null;
  return new Envelope(sealing ?? null);
}

const soon = <T>(work: Promise<T>): Promise<T | null> =>
  Promise.race([work, new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs))]);
