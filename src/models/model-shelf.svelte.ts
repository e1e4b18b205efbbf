import { failed, type Result } from '../contracts/failure';
import type { ModelDescriptor } from '../contracts/model';
import { chatSampling, guide } from './catalogue';
import type { WeightsClient } from './weights-client';

const ggufMagic = 'GGUF';

/** The part number of a split GGUF ("name-00001-of-00003.gguf"), or 0. */
const partNumber = (fileName: string): number => Number(/-(\d{5})-of-\d{5}\.gguf$/i.exec(fileName)?.[1] ?? 0);

/** The models on this device: the Guide, and files opened for this visit. */
export class ModelShelf {
  #opened = $state.raw<readonly ModelDescriptor[]>([]);
  readonly #files = new Map<string, readonly File[]>();
  #guideBlob: Promise<Result<readonly Blob[]>> | null = null;

  constructor(private readonly weights: WeightsClient) {}

  get models(): readonly ModelDescriptor[] {
    return [guide, ...this.#opened];
  }

  /**
   * Puts a GGUF file, or all parts of a split one, on the shelf. Only the first bytes are read here; the engine checks the
   * rest when it loads the model.
   */
  async openFiles(chosen: readonly File[]): Promise<Result<ModelDescriptor>> {
    const files = [...chosen].sort((a, b) => partNumber(a.name) - partNumber(b.name));
    const first = files[0];
    if (!first) return failed('file-missing', 'no file was chosen');
    for (const file of files) {
      const magic = await file
        .slice(0, ggufMagic.length)
        .text()
        .catch(() => '');
      if (magic !== ggufMagic) return failed('file-not-gguf', file.name);
    }
    const id = `file:${first.name}:${first.size}`;
    const descriptor: ModelDescriptor = {
      id,
      name: first.name.replace(/(-\d{5}-of-\d{5})?\.gguf$/i, ''),
      engine: 'llama.cpp',
      source: { kind: 'file', fileName: first.name },
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      contextTokens: 4096,
      sampling: chatSampling,
    };
    this.#files.set(id, files);
    this.#opened = [...this.#opened.filter((model) => model.id !== id), descriptor];
    return { ok: true, value: descriptor };
  }

  /** Forgets an opened file; the file itself is not touched. */
  remove(id: string): void {
    this.#files.delete(id);
    this.#opened = this.#opened.filter((model) => model.id !== id);
  }

  /** The weights of a model, one Blob a file. */
  async blobsOf({ id, source, bytes }: ModelDescriptor): Promise<Result<readonly Blob[]>> {
    if (source.kind === 'file') {
      const files = this.#files.get(id);
      return files ? { ok: true, value: files } : failed('file-missing', id);
    }
    this.#guideBlob ??= this.weights
      .openBuiltIn({ url: new URL(source.path, document.baseURI).href, bytes, sha256: source.sha256 })
      .then((result) => (result.ok ? { ok: true, value: [result.value] } : result));
    const result = await this.#guideBlob;
    // Not kept: the network may be back at the next try.
    if (!result.ok) this.#guideBlob = null;
    return result;
  }
}
