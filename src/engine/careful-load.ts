/**
 * Loads the models that a person has brought: decides where they compute, keeps one large model in all tabs, leaves a mark in
 * case the load ends the page, and asks a known question before anybody asks another. Not part of the first load of the page,
 * since the Guide needs none of it.
 */
import type { DeviceFacts } from '../shared/domain/device';
import { type LoadedModel, loadJobId, type LoadRequest } from '../shared/protocol/engine';
import { failed, type Failure, type Result } from '../shared/protocol/failure';
import type { BackendTrial, EngineChoice, WebLlmBuild } from '../shared/domain/engine-choice';
import type { ModelDescriptor } from '../shared/domain/model';
import type { ServerConnection } from '../shared/domain/server';
import { loadOnCpu, requestForBuild, tryBackends } from './backend-trial';
import { chooseEngine, cpuEngineOf, cpuKey, gpuKey } from './choose-engine';
import { backendTrials, checkedAnswers, crashedLoads, runningLoads } from './device-memory';
import type { EngineClient } from './engine-client';
import { EngineLock } from './engine-lock';
import { judgeAnswer, knownQuestion } from './known-answer';

/** Models up to here are no burden: any tab may have them, and no page ends of them. */
const largeBytes = 100e6;

export type LoadStage = 'loading' | 'trying' | 'checking';

export interface LoadControl {
  readonly isCancelled: () => boolean;
  readonly stage: (stage: LoadStage) => void;
  /** For measuring: figures are those of one file, and no other build of its model may make them. */
  readonly onlyTheseWeights?: boolean;
}

const checkJobId = (modelId: string): string => `check:${modelId}`;
const cancelled = failed('cancelled', 'the load was cancelled');

export class CarefulLoad {
  readonly #lock: EngineLock;
  /** The model whose load has left a mark. */
  #marked: string | null = null;
  /** Loaded, but its known answer came out wrong: what "use it anyway" means. */
  #doubted: { readonly key: string; readonly loaded: LoadedModel } | null = null;

  constructor(
    private readonly client: EngineClient,
    private readonly device: () => Promise<DeviceFacts>,
    /** Builds of a model for WebLLM that are stored as well, the best first. */
    private readonly buildsOf: (modelId: string) => Promise<readonly WebLlmBuild[]> = () => Promise.resolve([]),
    /** How a server of the person's own is reached that has the model. */
    private readonly connectionOf: (model: ModelDescriptor) => Promise<Result<ServerConnection>> = () =>
      Promise.resolve(failed('server-lacks-model', 'no server is known')),
  ) {
    this.#lock = new EngineLock(() =>
      client.terminate({ kind: 'engine-elsewhere', technical: 'another tab took the engine over' }),
    );
    // Who leaves in the middle of a load was not thrown out.
    addEventListener('pagehide', () => {
      if (this.#marked !== null) runningLoads.delete(this.#marked);
    });
  }

  async load(model: ModelDescriptor, request: LoadRequest, control: LoadControl): Promise<Result<LoadedModel>> {
    this.#doubted = null;
    if (model.source.kind === 'server') return this.#loadOnServer(model, request, control);
    const large = model.bytes > largeBytes;
    if (!large) this.#lock.release();
    else if (!(await this.#lock.take())) return failed('engine-elsewhere', 'another tab holds the engine');
    this.#marked = large ? model.id : null;
    if (large) runningLoads.set(model.id, { name: model.name, at: Date.now() });
    try {
      const result = await this.#loadAndCheck(model, request, control);
      if (result.ok) crashedLoads.delete(model.id);
      // What answered wrongly is still there, and may be used all the same.
      else if (result.failure.kind !== 'gpu-wrong-answers') this.#lock.release();
      return result;
    } finally {
      this.#marked = null;
      runningLoads.delete(model.id);
    }
  }

  /** Ends whichever part of a load is running. */
  cancel(modelId: string): void {
    for (const job of [loadJobId(modelId), checkJobId(modelId), 'measure']) void this.client.cancel(job);
  }

  /** Nothing large is loaded any more. */
  letGo(): void {
    this.#doubted = null;
    this.#lock.release();
  }

  /** Makes the tab that has the engine let go. @returns false when it does not */
  takeOver(): Promise<boolean> {
    return this.#lock.takeOver();
  }

  /** The model whose known answer came out wrong, all the same; null when it is not loaded any more. */
  acceptDoubted(): LoadedModel | null {
    const doubted = this.#doubted;
    this.#doubted = null;
    if (doubted) checkedAnswers.set(doubted.key, 'accepted');
    return doubted?.loaded ?? null;
  }

  async #loadAndCheck(
    model: ModelDescriptor,
    request: LoadRequest,
    control: LoadControl,
  ): Promise<Result<LoadedModel>> {
    const device = await this.device();
    const alone = model.engine === 'webllm' || control.onlyTheseWeights === true;
    const builds = alone ? [] : await this.buildsOf(model.id);
    if (control.isCancelled()) return cancelled;
    const key = gpuKey(model.id, device);
    let left: LoadedModel | null = null;
    // Each round finds out how fast the ways are, or takes one away that does not work: so there is an end to it.
    for (;;) {
      const choice = chooseEngine(model, device, backendTrials.get(key), builds);
      if (choice.backend === null) {
        const tried = await this.#tryAll(model, request, choice, key, control);
        if (!tried.ok) return tried;
        left = tried.value;
      } else if (choice.backend === 'cpu') return this.#loadOnCpu(model, request, control);
      else {
        const result = await this.#loadOnGpu(model, request, choice, { device, left, control });
        const failure = result.ok ? null : failureThatLoses(result.failure, choice);
        const trial = backendTrials.get(key);
        if (failure === null || !trial) return result;
        this.#doubted = null;
        backendTrials.set(key, withoutWay(trial, choice, failure));
        left = null;
      }
    }
  }

  /** Nothing is tried and nothing is checked: how the server computes is its own affair. */
  async #loadOnServer(
    model: ModelDescriptor,
    request: LoadRequest,
    control: LoadControl,
  ): Promise<Result<LoadedModel>> {
    this.#lock.release();
    const connection = await this.connectionOf(model);
    if (!connection.ok) return connection;
    // It may be removed, or no server wanted any more, while its model stays loaded: in this tab, or in another.
    this.client.serverRefusal = async () => {
      const now = await this.connectionOf(model);
      return now.ok ? null : now.failure;
    };
    return control.isCancelled() ? cancelled : this.client.load({ ...request, server: connection.value });
  }

  /** @returns what is left loaded, or null where that was no success */
  async #tryAll(
    model: ModelDescriptor,
    request: LoadRequest,
    { reason, build }: EngineChoice,
    key: string,
    control: LoadControl,
  ): Promise<Result<LoadedModel | null>> {
    control.stage('trying');
    const gpu = reason.kind === 'to-be-measured' && reason.gpu;
    const ways = { cpuEngine: cpuEngineOf(model), gpu, build };
    const { trial, loaded } = await tryBackends(this.client, request, ways, control.isCancelled);
    if (control.isCancelled()) return cancelled;
    const works = [trial.cpu, trial.gpu, trial.webLlm?.rate].some((rate) => typeof rate === 'number');
    if (!works && !loaded.ok) return loaded;
    backendTrials.set(key, {
      ...(gpu ? { gpu: null } : {}),
      ...(build && { webLlm: { modelId: build.modelId, rate: null } }),
      ...trial,
    });
    return { ok: true, value: loaded.ok ? loaded.value : null };
  }

  /** @param left what a trial has left loaded: it is not loaded again where it is what was chosen */
  async #loadOnGpu(
    model: ModelDescriptor,
    request: LoadRequest,
    { engine, build }: EngineChoice,
    {
      device,
      left,
      control,
    }: { readonly device: DeviceFacts; readonly left: LoadedModel | null; readonly control: LoadControl },
  ): Promise<Result<LoadedModel>> {
    let loaded = left?.engine === engine && left.backend === 'webgpu' ? left : null;
    if (!loaded) {
      control.stage('loading');
      const asked = build ? requestForBuild(request, build) : { ...request, engine, backend: 'webgpu' as const };
      const result = await this.client.load(asked);
      if (!result.ok || (device.webgpu.available && device.webgpu.software)) return result;
      loaded = result.value;
    }
    return this.#checked(model, loaded, gpuKey(build?.modelId ?? model.id, device), control);
  }

  /**
   * On Sotto's own engine where it can compute the model, and computes it right: that is asked once, by a known question.
   * Otherwise llama.cpp takes over, unless a person wants no other.
   */
  async #loadOnCpu(model: ModelDescriptor, request: LoadRequest, control: LoadControl): Promise<Result<LoadedModel>> {
    const key = cpuKey(model.id);
    const wanted =
      model.cpuEngine === undefined && checkedAnswers.get(key) === 'wrong' ? 'llama.cpp' : cpuEngineOf(model);
    control.stage('loading');
    const loaded = await loadOnCpu(this.client, request, wanted, model.cpuEngine === undefined);
    if (!loaded.ok || loaded.value.engine !== 'cpu') return loaded;
    const checked = await this.#checked(model, loaded.value, key, control);
    if (checked.ok || checked.failure.kind !== 'gpu-wrong-answers' || model.cpuEngine !== undefined) return checked;
    this.#doubted = null;
    control.stage('loading');
    const other = await loadOnCpu(this.client, request, 'llama.cpp', false);
    if (!other.ok) return other;
    // Where llama.cpp says no better, it is the model that counts like this.
    const again = await this.#checked(model, other.value, key, control);
    checkedAnswers.set(key, again.ok ? 'wrong' : 'accepted');
    this.#doubted = null;
    return other;
  }

  async #checked(
    model: ModelDescriptor,
    loaded: LoadedModel,
    key: string,
    control: LoadControl,
  ): Promise<Result<LoadedModel>> {
    if (control.isCancelled()) return cancelled;
    if (checkedAnswers.get(key) !== undefined) return { ok: true, value: loaded };
    control.stage('checking');
    let text = '';
    const result = await this.client.generate({ jobId: checkJobId(model.id), ...knownQuestion }, (event) => {
      if (event.type === 'text') text += event.text;
    });
    if (control.isCancelled()) return cancelled;
    if (!result.ok) return result;
    if (judgeAnswer(text) !== 'rubbish') {
      checkedAnswers.set(key, 'right');
      return { ok: true, value: loaded };
    }
    this.#doubted = { key, loaded };
    return failed('gpu-wrong-answers', `asked to count, it said: ${JSON.stringify(text.slice(0, 300))}`);
  }
}

/**
 * What ends a way that was measured, in technical words; null for what a person has to hear of. A build that is not the model
 * they chose fails without them.
 */
function failureThatLoses({ kind, technical }: Failure, { reason, build }: EngineChoice): string | null {
  if (reason.kind !== 'measured' || kind === 'cancelled') return null;
  return kind === 'gpu-wrong-answers' || build ? technical : null;
}

const withoutWay = (trial: BackendTrial, { build }: EngineChoice, failure: string): BackendTrial =>
  build
    ? { ...trial, webLlm: { modelId: build.modelId, rate: null, failure } }
    : { ...trial, gpu: null, gpuFailure: failure };
