/**
 * Loads the models that a person has brought: decides where they compute, keeps one large model in all tabs, leaves a mark in
 * case the load ends the page, and asks a known question before anybody asks another. Not part of the first load of the page,
 * since the Guide needs none of it.
 */
import type { DeviceFacts } from '../contracts/device';
import { type LoadedModel, loadJobId, type LoadRequest } from '../contracts/engine';
import { failed, type Result } from '../contracts/failure';
import type { ModelDescriptor } from '../contracts/model';
import { loadOnCpu, tryBackends } from './backend-trial';
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
    if (control.isCancelled()) return cancelled;
    const key = gpuKey(model.id, device);
    const choice = chooseEngine(model, device, backendTrials.get(key));
    if (choice.backend === null) return this.#tryBoth(model, request, key, control);
    if (choice.backend === 'cpu') return this.#loadOnCpu(model, request, control);
    control.stage('loading');
    const loaded = await this.client.load({ ...request, engine: choice.engine, backend: 'webgpu' });
    if (!loaded.ok || (device.webgpu.available && device.webgpu.software)) return loaded;
    return this.#checked(model, loaded.value, key, control);
  }

  /** The first use of a GGUF model on this GPU. A GPU that fails, or computes rubbish, has lost, and its model's card says so. */
  async #tryBoth(
    model: ModelDescriptor,
    request: LoadRequest,
    key: string,
    control: LoadControl,
  ): Promise<Result<LoadedModel>> {
    control.stage('trying');
    const cpuEngine = cpuEngineOf(model);
    const { trial, loaded, backend } = await tryBackends(this.client, request, cpuEngine, control.isCancelled);
    if (control.isCancelled()) return cancelled;
    if (trial.cpu === null && trial.gpu === null) return loaded;
    backendTrials.set(key, trial);
    if (backend === 'webgpu' && loaded.ok) {
      const checked = await this.#checked(model, loaded.value, key, control);
      if (checked.ok || checked.failure.kind !== 'gpu-wrong-answers') return checked;
      backendTrials.set(key, { ...trial, gpu: null, gpuFailure: checked.failure.technical });
    }
    return this.#loadOnCpu(model, request, control);
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
