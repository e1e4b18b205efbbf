import { QuickJSFFI } from '@jitl/quickjs-wasmfile-release-sync/ffi';
import loadEngine from '@jitl/quickjs-wasmfile-release-sync/emscripten-module';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { CodeTrouble, Sandbox } from './sandbox';

/** Without the package's own way to load its parts: here they come together, in one script. */
const variant: QuickJSSyncVariant = {
  type: 'sync',
  importFFI: () => Promise.resolve(QuickJSFFI),
  importModuleLoader: () => Promise.resolve(loadEngine),
};

/** Keeps one engine for all checks, as long as it is whole. */
export class CodeEngine {
  #engine: QuickJSWASMModule | null = null;

  constructor(private readonly compiled: WebAssembly.Module) {}

  /** Makes an engine where none is left. */
  async prepare(): Promise<void> {
    this.#engine ??= await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: this.compiled }));
  }

  /** @throws CodeTrouble */
  async use<Result>(work: (sandbox: Sandbox) => Result): Promise<Result> {
    await this.prepare();
    const engine = this.#engine;
    if (!engine) throw new CodeTrouble('code-error', 'no engine');
    let sandbox: Sandbox | null = null;
    try {
      sandbox = new Sandbox(engine);
      return work(sandbox);
    } catch (error) {
      if (error instanceof CodeTrouble) throw error;
      // The stack of the browser ended in the middle of the engine, say, whose memory is in no known state.
      this.#engine = null;
      throw new CodeTrouble('code-error', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    } finally {
      try {
        if (this.#engine) sandbox?.dispose();
      } catch {
        // Something of the sandbox is still held, which the engine takes for a bug: another one is made next time.
        this.#engine = null;
      }
    }
  }
}
