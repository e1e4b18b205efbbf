/** Reads out of llama.cpp's log whether a model is on the GPU: it would compute on the CPU without a word otherwise. */
export class GpuReport {
  #adapter = '';
  #layers: readonly [onGpu: number, all: number] = [0, 0];

  /** @param line of the log; its words are pinned with its version */
  read(line: string): void {
    const [, vendor, architecture] = /adapter_info:.*\bvendor: ([^|]*)\| architecture: ([^|]*)\|/.exec(line) ?? [];
    if (vendor !== undefined) this.#adapter = `${vendor.trim()} ${architecture?.trim() ?? ''}`.trim();
    const [, onGpu, all] = /offloaded (\d+)\/(\d+) layers to GPU/.exec(line) ?? [];
    if (onGpu !== undefined) this.#layers = [Number(onGpu), Number(all)];
  }

  /** As the browser names it; empty where it was not told. */
  get adapter(): string {
    return this.#adapter;
  }

  /** Whether every layer is there: a model that is half on the CPU is slower than one that is there wholly. */
  get hasAllLayers(): boolean {
    const [onGpu, all] = this.#layers;
    return onGpu > 0 && onGpu === all;
  }

  toString(): string {
    return `${this.#layers[0]} of ${this.#layers[1]} layers on the GPU (${this.#adapter})`;
  }
}
