/** An engine that computes nothing: it asks a server of the person's own, which does. */
import type { Senses } from '../../src/shared/domain/senses';
import { shortAddress, untoldSenses, type ServerConnection } from '../../src/shared/domain/server';
import type {
  DecodeMeasurement,
  GenerationRequest,
  LoadedModel,
  PrefillMeasurement,
} from '../../src/shared/protocol/engine';
import { FailureError, type Failure } from '../../src/shared/protocol/failure';
import { checkRequest } from '../engine/check-request';
import { mediaOf } from '../engine/check-senses';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, TokenSink } from '../engine/engine';
import { pause } from '../pause';
import { AnswerStream } from './answer-stream';
import { askServer, chatPath } from './ask-server';
import { chatBody } from './chat-body';
import { listModels, servedFacts } from './list-models';
import { messagesOf } from './media-parts';
import type { Patience } from './patience';
import { readAnswer } from './read-answer';
import { asCannotTake, refusesMedia } from './refused-media';
import { measureServerDecode, measureServerPrefill } from './server-measurement';

/** Where nothing tells: a longer prompt than a server takes is refused, and cut again by what it says. */
const unknownContextTokens = 32_768;

/** How often in a row a server is asked again that is too busy. */
const mostPauses = 3;

export class ServerEngine implements Engine {
  readonly kind = 'server';
  #connection: ServerConnection | null = null;
  #senses: Senses = untoldSenses;

  constructor(private readonly patience: Patience) {}

  async load(
    request: EngineLoad,
    progress: ReportLoad,
    signal: AbortSignal,
  ): Promise<Omit<LoadedModel, 'loadMilliseconds'>> {
    const { server } = request;
    if (!server) throw new FailureError({ kind: 'request-invalid', technical: 'no server was named' });
    progress({ phase: 'reading', loadedBytes: 0, totalBytes: 0, fraction: 0 });
    const models = await listModels(server, this.patience, signal);
    const listed = models.find(({ id }) => id === server.model);
    if (!listed)
      throw new FailureError({
        kind: 'server-lacks-model',
        technical: `${server.model} is none of ${models.length} models`,
        subject: shortAddress(server.address),
      });
    const told = await servedFacts(server, this.patience, signal);
    const contextTokens = told.contextTokens ?? listed.contextTokens ?? unknownContextTokens;
    this.#connection = server;
    this.#senses = told.senses ?? listed.senses ?? untoldSenses;
    return {
      modelId: request.modelId,
      engine: 'server',
      backend: 'server',
      threads: 0,
      contextTokens: Math.min(contextTokens, request.contextTokens ?? Infinity),
      senses: this.#senses,
      // Without the address: results of measurements are shared.
      engineVersion: server.kind,
    };
  }

  async generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    checkRequest(request, this.#senses);
    const { connection } = this;
    const subject = shortAddress(connection.address);
    const answer = new AnswerStream(connection, sink, subject);
    const messages = await messagesOf(request.turns);
    try {
      const response = await this.#askForFitting({ ...chatBody(connection, request), messages }, signal);
      await readAnswer(response, answer, this.patience, subject);
      return answer.result();
    } catch (error) {
      if (signal.aborted) return answer.stopped();
      const [media] = mediaOf(request.turns);
      throw media && refusesMedia(error) ? asCannotTake(media.kind, error) : error;
    }
  }

  measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return measureServerPrefill(this.connection, tokens, { ...control, patience: this.patience });
  }

  measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    return measureServerDecode(this.connection, tokens, { ...control, patience: this.patience });
  }

  unload(): Promise<void> {
    this.#connection = null;
    return Promise.resolve();
  }

  private get connection(): ServerConnection {
    if (!this.#connection) throw new FailureError({ kind: 'model-not-loaded', technical: 'no server was named' });
    return this.#connection;
  }

  /** vLLM refuses a prompt that fits where the answer, as long as it may get, would not fit behind it. Then it may get shorter. */
  async #askForFitting(body: Record<string, unknown>, signal: AbortSignal): Promise<Response> {
    try {
      return await this.#ask(body, signal);
    } catch (error) {
      const { kind, numbers } = error instanceof FailureError ? error.failure : {};
      const room = (numbers?.contextTokens ?? 0) - (numbers?.promptTokens ?? 0);
      if (kind !== 'context-exceeded' || room < 1 || !(Number(body['max_tokens']) > room)) throw error;
      return await this.#ask({ ...body, max_tokens: room }, signal);
    }
  }

  /** Asks, and asks again after a pause that the server wants. */
  async #ask(body: unknown, signal: AbortSignal): Promise<Response> {
    for (let pauses = 0; ; pauses += 1) {
      try {
        return await askServer(this.connection, chatPath, { body, signal });
      } catch (error) {
        const wait = error instanceof FailureError ? this.#pauseAfter(error.failure, pauses) : null;
        if (wait === null || wait > this.patience.longestPauseMs || pauses === mostPauses) throw error;
        await pause(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** In ms; null for what no pause helps against. */
  #pauseAfter({ kind, numbers }: Failure, pauses: number): number | null {
    if (numbers?.retryAt !== undefined) return Math.max(0, numbers.retryAt - Date.now());
    return kind === 'server-busy' ? this.patience.ownPauseMs * 2 ** pauses : null;
  }
}
