/** The models that are measured: the Guide itself, and made-up weights in the shapes of well-known models. Nothing is downloaded. */
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomModel, shapes, type Quantisation } from '../../../tests/fixtures/synthetic-gguf';
import { guidePath } from '../benchmark/guide-engine';

/** Kept from one run to the next: writing half a gigabyte of random weights takes longer than reading them. */
export const modelsFolder = join(tmpdir(), 'sotto-measure-models');

export type ModelName = 'Guide' | keyof typeof shapes;

/** @returns the name of the file in the folder */
export function modelFile(name: ModelName, quantisation: Quantisation): string {
  mkdirSync(modelsFolder, { recursive: true });
  if (name === 'Guide') {
    copyFileSync(guidePath, join(modelsFolder, 'Guide.gguf'));
    return 'Guide.gguf';
  }
  const file = `${name}-${quantisation}.gguf`;
  const path = join(modelsFolder, file);
  if (existsSync(path)) return file;
  const handle = openSync(`${path}.part`, 'w');
  for (const piece of randomModel({ shape: shapes[name], quantisation })) writeSync(handle, piece);
  closeSync(handle);
  renameSync(`${path}.part`, path);
  return file;
}
