import { failed, type Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { LocalFile, WeightsManifest } from '../../shared/protocol/weights';
import { cardOf } from './model-cards';

/** GGUF files that stay where they are on disk and are known until the page is closed. */
export class VisitFiles {
  readonly #files = new Map<string, readonly File[]>();
  #models: readonly ModelDescriptor[] = [];

  /** @param lookAt tells what files make up */
  constructor(private readonly lookAt: (files: readonly LocalFile[]) => Promise<Result<WeightsManifest>>) {}

  get models(): readonly ModelDescriptor[] {
    return this.#models;
  }

  filesOf(id: string): readonly File[] | undefined {
    return this.#files.get(id);
  }

  /** Only the headers are read here: which file is the model, which of its parts it is, and which its projector. */
  async open(chosen: readonly File[]): Promise<Result<ModelDescriptor>> {
    const looked = await this.lookAt(chosen.map((file) => ({ path: file.name, file })));
    if (!looked.ok) return looked;
    const { name, files: listed, gguf, projector } = looked.value;
    if (!gguf) return failed('file-not-gguf', 'no GGUF among the files');
    // In the order that the engine wants.
    const files = listed.flatMap(({ path }) => chosen.find((file) => file.name === path) ?? []);
    const fileName = files[0]?.name ?? name;
    const id = `visit:${fileName}:${files[0]?.size ?? 0}`;
    const descriptor: ModelDescriptor = {
      id,
      name,
      engine: 'llama.cpp',
      source: { kind: 'file', fileName },
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      contextTokens: 4096,
      architecture: gguf.architecture,
      ...(projector && { senses: { sees: projector.sees, hears: projector.hears } }),
      ...cardOf(name),
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
