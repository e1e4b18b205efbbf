import type { CpuEngineKind } from '../shared/domain/engine-choice';
import type { Backend, LoadedModel, LoadRequest, StoredWeights } from '../shared/protocol/engine';
import { loadJobId } from '../shared/protocol/engine';
import { failureFrom, type Result } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { CarefulLoad, LoadControl } from './careful-load';
import type { EngineClient } from './engine-client';

/** In which a load for measuring may differ from the one that a person is used to. */
export interface LoadOverrides {
  readonly contextTokens?: number;
  /** Absent: as the engine chooses. */
  readonly threads?: number;
  /** Absent: as they were chosen for the model. */
  readonly backend?: Backend;
  readonly cpuEngine?: CpuEngineKind;
}

/** Loads models: the built-in one at once, all others with care. The code of the care comes when it is first needed. */
export class ModelLoader {
  #careful: Promise<CarefulLoad> | null = null;

  constructor(
    private readonly client: EngineClient,
    private readonly startCareful: (() => Promise<CarefulLoad>) | null,
  ) {}

  async load(
    model: ModelDescriptor,
    files: readonly Blob[] | StoredWeights,
    control: LoadControl & { readonly threads?: number | undefined },
  ): Promise<Result<LoadedModel>> {
    const { id: modelId, engine, contextTokens, kvCache, backend } = model;
    const request: LoadRequest = {
      modelId,
      engine: model.cpuEngine ?? engine,
      files,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(kvCache && { kvCache }),
      ...(backend && { backend }),
      ...(control.threads !== undefined && { threads: control.threads }),
    };
    if (this.startCareful === null || model.source.kind === 'built-in') {
      const result = await this.client.load(request);
      // What was large has gone for it.
      this.letGo();
      return result;
    }
    try {
      this.#careful ??= this.startCareful();
      await this.#careful;
    } catch (error) {
      // A part of the app that could not be fetched; the network may be back at the next try.
      this.#careful = null;
      return { ok: false, failure: failureFrom(error) };
    }
    return (await this.#careful).load(model, request, control);
  }

  /** Ends whichever part of a load is running. */
  cancel(modelId: string): void {
    if (this.#careful === null) void this.client.cancel(loadJobId(modelId));
    else void this.#careful.then((careful) => careful.cancel(modelId));
  }

  /** Nothing large is loaded any more. */
  letGo(): void {
    void this.#careful?.then((careful) => careful.letGo());
  }

  /** Takes the engine from the tab that has it. @returns false when it does not let go */
  async takeOver(): Promise<boolean> {
    return (await (await this.#careful)?.takeOver()) ?? true;
  }

  /** The model whose known answer came out wrong, to be used all the same; null when it is not loaded any more. */
  async acceptDoubted(): Promise<LoadedModel | null> {
    return (await this.#careful)?.acceptDoubted() ?? null;
  }
}
