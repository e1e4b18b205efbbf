/** Brings an MLC model from the store onto the GPU. */
import type { EngineLoad, ReportLoad } from '../engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import { conversationChanges, type ConversationTemplate, conversationTemplate } from '../../mlc/conversation-template';
import { countOf, field, textOf } from '../../mlc/json-fields';
import { cacheFacade, installCaches } from './cache-facade';
import { EngineInternals } from './engine-internals';
import { findGpu, type GpuFound } from './gpu-preflight';
import type { GpuWatch } from './gpu-watch';
import { CachedConversation } from './cached-conversation';
import { LoadPhases } from './load-phases';
import { modelFolder, parseFile } from './model-folder';
import { type ModelReport, reportOf } from './model-report';
import type { MlcEngine, StartMlcEngine } from './web-llm-package';

/** The window where neither person nor config says anything else: a longer one costs memory from the start. */
const usualContextTokens = 4096;

export interface LoadedMlc {
  readonly engine: MlcEngine;
  readonly internals: EngineInternals;
  readonly template: ConversationTemplate;
  readonly config: { readonly modelType: string };
  readonly contextTokens: number;
  readonly gpu: GpuFound;
  readonly kept: CachedConversation;
  readonly report: ModelReport;
}

interface LoadParts {
  readonly start: StartMlcEngine;
  readonly watch: GpuWatch;
  readonly signal: AbortSignal;
  readonly report: ReportLoad;
  readonly found: (gpu: GpuFound) => void;
  /** Told at each sign of life. */
  readonly alive: () => void;
}

/** @throws FailureError, or whatever WebLLM throws */
export async function loadMlc(request: EngineLoad, parts: LoadParts): Promise<LoadedMlc> {
  const { modelId, files } = request;
  const folder = await modelFolder(modelId, files);
  const template = conversationTemplate(folder.config);
  const quantisation = textOf(field(folder.config, 'quantization')) ?? '';
  const gpu = await findGpu(/f16/.test(quantisation));
  parts.found(gpu);
  const phases = new LoadPhases(files, (progress) => {
    parts.alive();
    if (!parts.signal.aborted) parts.report(progress);
  });
  installCaches(cacheFacade(folder.files, (file) => phases.served(file)));
  const engine = await parts.start({
    appConfig: { model_list: [{ model: folder.url, model_id: modelId, model_lib: folder.libraryUrl }] },
    logLevel: 'SILENT',
    initProgressCallback: ({ text }) => phases.told(text),
  });
  const window = windowOf(folder.config, request.contextTokens);
  const conversation = conversationChanges(folder.config, template);
  const options = { ...window.options, ...(conversation && { conv_config: conversation }) };
  try {
    await parts.watch.during(() => engine.reload(modelId, options));
  } finally {
    // Nothing is read any more, and a model that is deleted must not stay on the disk for our sake.
    installCaches(cacheFacade(new Map()));
  }
  if (!EngineInternals.holds(engine, modelId))
    throw new FailureError({ kind: 'model-not-loaded', technical: 'the load ended, and nothing was loaded' });
  const internals = new EngineInternals(engine, modelId);
  const contextTokens = internals.contextTokens ?? internals.slidingTokens ?? window.tokens;
  const config = { modelType: textOf(field(folder.config, 'model_type')) ?? '' };
  const report = reportOf(await parseFile(folder.table), folder.config, internals.prefillChunkTokens);
  return { engine, internals, template, config, contextTokens, gpu, kept: new CachedConversation(template), report };
}

interface Window {
  readonly tokens: number;
  readonly options: { context_window_size: number; sliding_window_size: number; attention_sink_size?: number };
}

/** WebLLM ends with an error when both kinds of window are set, or none. */
function windowOf(config: unknown, wanted: number | undefined): Window {
  const sliding = countOf(field(config, 'sliding_window_size')) ?? 0;
  const own = countOf(field(config, 'context_window_size')) ?? 0;
  if (sliding > 0 && own === 0) {
    const sink = countOf(field(config, 'attention_sink_size')) ?? 0;
    return {
      tokens: sliding,
      options: { context_window_size: -1, sliding_window_size: sliding, attention_sink_size: sink },
    };
  }
  const most = own > 0 ? own : Infinity;
  const tokens = Math.min(wanted ?? usualContextTokens, most);
  return { tokens, options: { context_window_size: tokens, sliding_window_size: -1 } };
}
