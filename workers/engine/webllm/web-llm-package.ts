/** The one place that reaches for the package: 6 MB, loaded when a model first needs it. */
import type {
  ChatCompletionChunk,
  ChatCompletionRequestStreaming,
  ChatOptions,
  Completion,
  CompletionCreateParamsStreaming,
  MLCEngineConfig,
} from '@mlc-ai/web-llm';
import { loadPart } from '../../load-part';
import { version } from '@mlc-ai/web-llm/package.json';

export const webLlmVersion: string = version;

/** What is used of its engine. */
export interface MlcEngine {
  readonly chat: {
    readonly completions: {
      create(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>>;
    };
  };
  readonly completions: { create(request: CompletionCreateParamsStreaming): Promise<AsyncIterable<Completion>> };
  /** May resolve although nothing was loaded. */
  reload(modelId: string, options: ChatOptions): Promise<void>;
  unload(): Promise<void>;
  /** The whole text of the answer so far. */
  getMessage(): Promise<string>;
  resetChat(): Promise<void>;
  forwardTokensAndSample(tokens: number[], isPrefill: boolean): Promise<number>;
}

export type StartMlcEngine = (config: MLCEngineConfig) => Promise<MlcEngine>;

export const startMlcEngine: StartMlcEngine = async (config) => {
  const { MLCEngine } = await loadPart(() => import('@mlc-ai/web-llm'));
  return new MLCEngine(config);
};
