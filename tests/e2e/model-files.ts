/** GGUF files on disk for "Open a file": good ones that play a script, and all the bad ones. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, ggufPieces, type TensorPlan } from '../fixtures/gguf-writer';
import { scriptedModel, type ScriptedModelOptions } from '../fixtures/scripted-gguf';
import { metadataOf, randomModel, shapes, tensorNames } from '../fixtures/synthetic-gguf';
import { byteTokens } from '../fixtures/synthetic-tokenizer';

async function write(path: string, pieces: Iterable<Uint8Array>): Promise<string> {
  const stream = createWriteStream(path);
  for (const piece of pieces) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
  return path;
}

export class ModelFiles {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<ModelFiles> {
    return new ModelFiles(await mkdtemp(join(tmpdir(), 'sotto-models-')));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async text(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  scripted(name: string, options: ScriptedModelOptions): Promise<string> {
    return write(this.#path(name), scriptedModel(options));
  }

  async truncated(name: string): Promise<string> {
    const path = await this.scripted(name, { answer: ['never ', 'said'] });
    const file = await open(path);
    const { size } = await file.stat();
    await file.close();
    await truncate(path, Math.floor(size * 0.7));
    return path;
  }

  async notGguf(name: string): Promise<string> {
    const path = this.#path(name);
    await writeFile(path, '<!doctype html><title>Log in to the network</title>');
    return path;
  }

  unknownArchitecture(name: string): Promise<string> {
    return write(this.#path(name), randomModel({ shape: shapes.tiny, quantisation: 'F32', architecture: 'hedgehog' }));
  }

  /** Whole as far as its header tells, and larger than wasm can ever hold. The weights are a hole that takes no space on disk. */
  async tooLarge(name: string): Promise<string> {
    const shape = { ...shapes['Qwen2.5-0.5B'], vocabulary: 512, feedForward: 65_536, layers: 24 };
    const plans = tensorNames(shape).map(([tensor, ...dimensions]): TensorPlan => ({
      name: tensor,
      shape: dimensions,
      type: 'F32',
      data: () => [],
    }));
    const fillers = Array.from({ length: shape.vocabulary - 259 }, (_, index) => `filler${index}`);
    const [header] = ggufPieces(metadataOf(shape, name, [...byteTokens(), ...fillers]), plans);
    if (!header) throw new Error('no header');
    const path = await write(this.#path(name), [header]);
    await truncate(path, header.length + plans.reduce((sum, plan) => sum + bytesOf(plan) + 32, 0));
    return path;
  }

  #path(name: string): string {
    return join(this.folder, `${name}.gguf`);
  }
}
