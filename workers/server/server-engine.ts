/** An engine that computes nothing: it asks a server of the person's own, which does. */
import { shortAddress, type ServerConnection } from '../../src/shared/domain/server';
import type {
  DecodeMeasurement,
  GenerationRequest,
  LoadedModel,
  PrefillMeasurement,
} from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { checkRequest } from '../engine/check-request';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, TokenSink } from '../engine/engine';
import { pause } from '../pause';
import { AnswerStream, endOfStream } from './answer-stream';
import { askServer } from './ask-server';
import { chatBody } from './chat-body';
import { eventData, piecesOf } from './event-stream';
import { listModels, windowOf } from './list-models';
import { measureServerDecode, measureServerPrefill } from './server-measurement';

/** Where nothing tells: a longer prompt than a server takes is refused, and cut again by what it says. */
const unknownContextTokens = 32_768;

/** Once words come, nothing may come for this long, in ms. Before them, a model is loaded and a prompt read, for as long as it takes. */
const silenceMs = 60_000;
/** How long counts may come after the last word, in ms; some servers keep the line open for ever. */
const afterEndMs = 2_000;

/** A pause that a server asks for is kept when it is no longer than this, in ms, and so many times in a row. */
const longestPauseMs = 60_000;
const mostPauses = 3;

export class ServerEngine implements Engine {
  readonly kind = 'server';
  #connection: ServerConnection | null = null;

  async load(
    request: EngineLoad,
    progress: ReportLoad,
    signal: AbortSignal,
  ): Promise<Omit<LoadedModel, 'loadMilliseconds'>> {
    const { server } = request;
    if (!server) throw new FailureError({ kind: 'request-invalid', technical: 'no server was named' });
    progress({ phase: 'reading', loadedBytes: 0, totalBytes: 0, fraction: 0 });
    const models = await listModels(server, signal);
    const listed = models.find(({ id }) => id === server.model);
    if (!listed)
      throw new FailureError({
        kind: 'server-lacks-model',
        technical: `${server.model} is none of ${models.length} models`,
        subject: shortAddress(server.address),
      });
    const contextTokens = (await windowOf(server, signal)) ?? listed.contextTokens ?? unknownContextTokens;
    this.#connection = server;
    return {
      modelId: request.modelId,
      engine: 'server',
      backend: 'server',
      threads: 0,
      contextTokens: Math.min(contextTokens, request.contextTokens ?? Infinity),
      engineVersion: shortAddress(server.address),
    };
  }

  async generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    checkRequest(request);
    const { connection } = this;
    const answer = new AnswerStream(connection, sink, shortAddress(connection.address));
    try {
      const response = await this.#ask(chatBody(connection, request), signal);
      await this.#read(response, answer);
      return answer.result();
    } catch (error) {
      if (signal.aborted) return answer.stopped();
      throw error;
    }
  }

  measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return measureServerPrefill(this.connection, tokens, control);
  }

  measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    return measureServerDecode(this.connection, tokens, control);
  }

  unload(): Promise<void> {
    this.#connection = null;
    return Promise.resolve();
  }

  private get connection(): ServerConnection {
    if (!this.#connection) throw new FailureError({ kind: 'model-not-loaded', technical: 'no server was named' });
    return this.#connection;
  }

  /** Asks, and asks again after a pause that the server wants. */
  async #ask(body: unknown, signal: AbortSignal): Promise<Response> {
    for (let pauses = 0; ; pauses += 1) {
      try {
        return await askServer(this.connection, '/chat/completions', { body, signal });
      } catch (error) {
        const retryAt = error instanceof FailureError ? error.failure.numbers?.retryAt : undefined;
        const wait = (retryAt ?? Infinity) - Date.now();
        if (wait > longestPauseMs || pauses === mostPauses) throw error;
        await pause(Math.max(0, wait), signal);
        signal.throwIfAborted();
      }
    }
  }

  async #read(response: Response, answer: AnswerStream): Promise<void> {
    if (!response.body) return;
    const silence = (): number | null => {
      if (answer.isWhole) return afterEndMs;
      return answer.hasBegun ? silenceMs : null;
    };
    try {
      for await (const data of eventData(piecesOf(response.body, silence))) {
        if (data.trim() === endOfStream) return;
        answer.take(data);
      }
    } catch (error) {
      // Only the end was missing, which nobody needs any more.
      if (!(answer.isWhole && error instanceof FailureError && error.failure.kind === 'server-broke-off')) throw error;
    }
  }
}
