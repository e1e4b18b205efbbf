/** What files of this device make up as a model, before any of them is copied. */
import { FailureError } from '../../src/shared/protocol/failure';
import { llamaCppFacts } from '../../src/shared/platform/llama-cpp-facts';
import { isLibraryPath } from '../../src/shared/domain/mlc';
import type { LocalFile, WeightsFile, WeightsManifest } from '../../src/shared/protocol/weights';
import { checkWeights } from '../engine/llama-cpp/model-memory';
import { type CheckedGguf, checkParts } from '../gguf/check-gguf';
import { mlcFacts } from '../mlc/mlc-facts';
import { checkWholeness } from '../mlc/missing-files';
import { mlcLibrary } from '../mlc/mlc-library';
import { type ManifestFile, manifestFileName, parseManifestFile } from './inspect/manifest-file';
import { projectorFor } from './inspect/projector-file';
import { isProjectorName, mlcModel, nameOfGguf } from './inspect/select-files';

interface CopyPlan {
  readonly manifest: WeightsManifest;
  readonly files: ReadonlyMap<string, File>;
}

interface ListedFile {
  readonly file: File;
  readonly facts: WeightsFile;
}

/**
 * Recognises a GGUF or all parts of a split one, with the projector beside it, or a folder of MLC weights. A
 * `sotto-manifest.json` among them brings the hashes to compare with.
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
  return planGguf(listed, stated);
}

/** All parts of one model, with the projector among the files, whatever their order. */
async function planGguf(listed: readonly ListedFile[], stated: ManifestFile | null): Promise<CopyPlan> {
  const ggufs = listed.length === 1 ? listed : listed.filter(({ facts }) => /\.gguf$/i.test(facts.path));
  const checked = await checkParts(withOneProjector(ggufs, stated).map(({ file }) => file));
  const factsOf = (file: File): WeightsFile[] => ggufs.flatMap((entry) => (entry.file === file ? [entry.facts] : []));
  const files = checked.files.flatMap(factsOf);
  checkLimits(checked);
  const name = stated?.name ?? nameOfGguf(files[0]?.path ?? '');
  const { facts: gguf, projector: own } = checked;
  const [projector] = own ? factsOf(own.file).map(({ path }) => ({ path, sees: own.sees, hears: own.hears })) : [];
  return plan(listed, files, { name, format: 'gguf', gguf, ...(projector && { projector }) }, stated);
}

/** A folder may hold it in several precisions, of which one is enough. */
function withOneProjector(ggufs: readonly ListedFile[], stated: ManifestFile | null): readonly ListedFile[] {
  const isNamed = ({ facts: { path } }: ListedFile): boolean =>
    path === stated?.projector?.path || isProjectorName(path);
  const named = ggufs.filter(isNamed).map(({ facts }) => facts);
  const others = ggufs.filter((entry) => !isNamed(entry));
  if (named.length < 2 || others.length === 0) return ggufs;
  const best =
    named.find(({ path }) => path === stated?.projector?.path) ??
    projectorFor(
      others.map(({ facts }) => facts),
      named,
    );
  return [...others, ...ggufs.filter(({ facts }) => facts === best)];
}

/** To copy gigabytes that the engine can never hold in this browser would help nobody. */
function checkLimits({ facts, files, projector }: CheckedGguf<File>): void {
  const llamaCpp = llamaCppFacts();
  // Why it cannot run at all is told where it is to run.
  if (llamaCpp === null) return;
  checkWeights(
    facts,
    files.map(({ size }) => size),
    llamaCpp,
  );
  const neededBytes = facts.tensorBytes + (projector?.tensorBytes ?? 0);
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
  model: Pick<WeightsManifest, 'name' | 'format' | 'gguf' | 'projector' | 'mlc' | 'library'>,
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
