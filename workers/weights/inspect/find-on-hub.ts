/** Which model an address of a model host names. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { ModelHub } from '../../../src/shared/domain/model-hub';
import type { WeightsFile, WeightsRequest } from '../../../src/shared/protocol/weights';
import type { ModelAddress } from './address';
import { type Finding, nothingAt } from './find-on-web';
import { readHubRepository } from './hub-repository';
import type { Look } from './look';
import { projectorFor } from './projector-file';
import { ggufModels, inFolder, isProjectorName, mlcModel, nameOfGguf } from './select-files';

/**
 * The model that an address names, or a choice of those that it might.
 * @throws FailureError `address-not-understood` where there is none, `projector-alone` where there is only what belongs to one
 */
export async function findInHub(
  { repository, revision, path }: Extract<ModelAddress, { kind: 'hub' }>,
  { projector: wanted }: WeightsRequest,
  hub: ModelHub,
  look: Look,
): Promise<Finding> {
  const { commit, licence, files } = await readHubRepository(hub, repository, revision, look);
  const source = { kind: 'hub', repository, commit } as const;
  const mlc = mlcModel(files, path);
  if (mlc) {
    const name = repository.split('/')[1] ?? repository;
    return {
      kind: 'model',
      found: { name, source, licence, format: 'mlc', files: mlc, listed: inFolder(files, path) },
    };
  }
  const inside = (file: WeightsFile): boolean => path === '' || file.path === path || file.path.startsWith(`${path}/`);
  const listed = ggufModels(files);
  const models = listed.filter((parts) => parts.some(inside));
  const projectors = files.filter((file) => isProjectorName(file.path));
  const projectorOf = (parts: readonly WeightsFile[]): WeightsFile | undefined =>
    wanted === undefined ? projectorFor(parts, projectors) : files.find((file) => file.path === wanted?.path);
  const [only] = models;
  if (only && models.length === 1) {
    const name = nameOfGguf(only[0]?.path ?? repository);
    const projector = projectorOf(only);
    if (wanted && !projector) throw nothingAt(`${repository}/${wanted.path}`);
    const pair = projector && { path: projector.path, ...(wanted && { senses: wanted }) };
    const all = projector ? [...only, projector] : only;
    return {
      kind: 'model',
      found: { name, source, licence, format: 'gguf', files: all, listed: all, ...(pair && { projector: pair }) },
    };
  }
  const asked = projectors.find((file) => file.path === path) ?? (listed.length === 0 ? projectors[0] : undefined);
  const offered = asked ? listed.filter((parts) => projectorFor(parts, [asked]) !== undefined) : models;
  if (offered.length === 0) throw asked ? alone(asked) : nothingAt(`${repository}${path === '' ? '' : `/${path}`}`);
  const choices = offered.map((parts) => {
    const first = parts[0]?.path ?? '';
    const url = `https://huggingface.co/${repository}/blob/${commit}/${first.split('/').map(encodeURIComponent).join('/')}`;
    const projector = projectorOf(parts);
    const bytes = [...parts, ...(projector ? [projector] : [])].reduce((sum, file) => sum + file.bytes, 0);
    return { path: first, bytes, hasProjector: projector !== undefined, url };
  });
  return { kind: 'choice', choices, ...(asked && { projector: asked.path }) };
}

const alone = ({ path }: WeightsFile): FailureError =>
  new FailureError({ kind: 'projector-alone', technical: `no model beside ${path}`, subject: path });
