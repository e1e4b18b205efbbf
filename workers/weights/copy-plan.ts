/** What files of this device make up as a model, before any of them is copied. */
import { FailureError } from '../../src/shared/protocol/failure';
import type { GgufFacts } from '../../src/shared/domain/gguf';
import { llamaCppFacts } from '../../src/shared/platform/llama-cpp-facts';
import { isLibraryPath } from '../../src/shared/domain/mlc';
import type { LocalFile, WeightsFile, WeightsManifest } from '../../src/shared/protocol/weights';
import { checkWeights } from '../engine/llama-cpp/model-memory';
import { checkParts } from '../gguf/check-gguf';
import { mlcFacts } from '../mlc/mlc-facts';
import { checkWholeness } from '../mlc/missing-files';
import { mlcLibrary } from '../mlc/mlc-library';
import { type ManifestFile, manifestFileName, parseManifestFile } from './inspect/manifest-file';
import { mlcModel, nameOfGguf } from './inspect/select-files';

interface CopyPlan {
  readonly manifest: WeightsManifest;
  readonly files: ReadonlyMap<string, File>;
}

interface ListedFile {
  readonly file: File;
  readonly facts: WeightsFile;
}

/**
 * Recognises a GGUF, all parts of a split one, or a folder of MLC weights. A `sotto-manifest.json` beside them brings the
 * hashes to compare with.
 * @throws FailureError
 */
export async function planCopy(chosen: readonly LocalFile[]): Promise<CopyPlan> {
  const stated = await readManifest(chosen);
  const expected = new Map(stated?.files.map((file) => [file.path, file]));
  const listed = chosen
    .filter(({ path }) => path !== manifestFileName)
    .map(({ path, file }) => ({ file, facts: expected.get(path) ?? { path, bytes: file.size } }));
  for (const { file, facts } of listed) {
    if (file.size === facts.bytes) continue;
    const technical = `${facts.path} has ${file.size} bytes, the manifest says ${facts.bytes}`;
    throw new FailureError({ kind: 'file-truncated', technical, subject: facts.path });
  }
  const missing = stated?.files.find(({ path }) => !listed.some(({ facts }) => facts.path === path));
  if (missing) throw new FailureError({ kind: 'file-missing', technical: missing.path, subject: missing.path });
  const mlc = mlcModel(
    listed.map(({ facts }) => facts),
    '',
  );
  if (mlc) {
    const libraries = listed.map(({ facts }) => facts).filter(({ path }) => isLibraryPath(path));
    const files = [...mlc, ...libraries];
    const config = await readJson(listed, /(^|\/)mlc-chat-config\.json$/);
    const table =
      (await readJson(listed, /(^|\/)tensor-cache\.json$/)) ?? (await readJson(listed, /(^|\/)ndarray-cache\.json$/));
    checkWholeness(mlc, config, table);
    const facts = mlcFacts(config, table);
    const library = mlcLibrary(files);
    const model = {
      name: stated?.name ?? 'MLC weights',
      format: 'mlc' as const,
      mlc: facts,
      ...(library && { library }),
    };
    return plan(listed, files, model, stated);
  }
  const ggufs = listed.length === 1 ? listed : listed.filter(({ facts }) => /\.gguf$/i.test(facts.path));
  const checked = await checkParts(ggufs.map(({ file }) => file));
  checkLimits(checked);
  const inOrder = checked.files.flatMap((file) => ggufs.find((entry) => entry.file === file)?.facts ?? []);
  const name = stated?.name ?? nameOfGguf(inOrder[0]?.path ?? '');
  return plan(listed, inOrder, { name, format: 'gguf', gguf: checked.facts }, stated);
}

/** To copy gigabytes that the engine can never hold in this browser would help nobody. */
function checkLimits({ facts, files }: { readonly facts: GgufFacts; readonly files: readonly File[] }): void {
  const llamaCpp = llamaCppFacts();
  // Why it cannot run at all is told where it is to run.
  if (llamaCpp === null) return;
  checkWeights(
    facts,
    files.map(({ size }) => size),
    llamaCpp,
  );
  const neededBytes = facts.tensorBytes;
  const availableBytes = llamaCpp.memoryBytes;
  if (neededBytes <= availableBytes) return;
  const technical = `${neededBytes} bytes of tensors`;
  throw new FailureError({ kind: 'model-too-large', technical, numbers: { neededBytes, availableBytes } });
}

async function readJson(listed: readonly ListedFile[], name: RegExp): Promise<unknown> {
  const found = listed.find(({ facts }) => name.test(facts.path));
  try {
    return found && (JSON.parse(await found.file.text()) as unknown);
  } catch (error) {
    const subject = found?.facts.path ?? '';
    throw new FailureError({ kind: 'download-not-weights', technical: `${subject}: ${String(error)}`, subject });
  }
}

async function readManifest(chosen: readonly LocalFile[]): Promise<ManifestFile | null> {
  const found = chosen.find(({ path }) => path === manifestFileName);
  if (!found) return null;
  const text = await found.file.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FailureError({ kind: 'download-not-weights', technical: String(error), subject: manifestFileName });
  }
  return parseManifestFile(value, manifestFileName);
}

function plan(
  listed: readonly ListedFile[],
  files: readonly WeightsFile[],
  model: Pick<WeightsManifest, 'name' | 'format' | 'gguf' | 'mlc' | 'library'>,
  stated: ManifestFile | null,
): CopyPlan {
  const licence = stated?.licence ?? model.gguf?.licence;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    manifest: {
      ...model,
      // The same files opened again go on where a copy was cut off.
      modelId: `file:${model.name}:${bytes}`,
      source: { kind: 'files' },
      files,
      ...(licence !== undefined && { licence }),
    },
    files: new Map(listed.map(({ file, facts }) => [facts.path, file])),
  };
}
