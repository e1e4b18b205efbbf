import { failed, type Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import { cardOf } from './model-cards';

const ggufMagic = 'GGUF';

/** The part number of a split GGUF ("name-00001-of-00003.gguf"), or 0. */
const partNumber = (fileName: string): number => Number(/-(\d{5})-of-\d{5}\.gguf$/i.exec(fileName)?.[1] ?? 0);

/** GGUF files that stay where they are on disk and are known until the page is closed. */
export class VisitFiles {
  readonly #files = new Map<string, readonly File[]>();
  #models: readonly ModelDescriptor[] = [];

  get models(): readonly ModelDescriptor[] {
    return this.#models;
  }

  filesOf(id: string): readonly File[] | undefined {
    return this.#files.get(id);
  }

  /** Only the first bytes are read here; the engine checks the rest when it loads the model. */
  async open(chosen: readonly File[]): Promise<Result<ModelDescriptor>> {
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
    const id = `visit:${first.name}:${first.size}`;
    const descriptor: ModelDescriptor = {
      id,
      name: first.name.replace(/(-\d{5}-of-\d{5})?\.gguf$/i, ''),
      engine: 'llama.cpp',
      source: { kind: 'file', fileName: first.name },
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      contextTokens: 4096,
      ...cardOf(first.name),
    };
    this.#files.set(id, files);
    this.#models = [...this.#models.filter((model) => model.id !== id), descriptor];
    return { ok: true, value: descriptor };
  }

  close(id: string): void {
    this.#files.delete(id);
    this.#models = this.#models.filter((model) => model.id !== id);
  }
}
