/** Looks for models on the host that is set, by words. Only when a person asks: what they look for is told to the host. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { encodePath, type ModelHub } from '../../../src/shared/domain/model-hub';
import type { HubModel, HubQuery, WeightsFile } from '../../../src/shared/protocol/weights';
import { fetchJson } from './fetch-json';
import { field, filesOf, licenseOf } from './hub-repository';
import type { Look } from './look';
import { projectorFor } from './projector-file';
import { ggufModels, isProjectorName, mlcModel } from './select-files';

/** As many as a person looks through; each costs one more request, for its size. */
const most = 12;

/** What the hub calls the formats. */
const filters = { gguf: 'gguf', mlc: 'mlc-llm' } as const;
const expanded = ['downloads', 'tags', 'gated', 'cardData', 'gguf'] as const;

/**
 * The most downloaded first, each with the size of what it holds.
 * @throws FailureError `search-unavailable` where the host has no search that Sotto knows
 */
export async function searchHub({ text, format }: HubQuery, hub: ModelHub, look: Look): Promise<readonly HubModel[]> {
  if (hub.listing !== 'huggingface')
    throw new FailureError({ kind: 'search-unavailable', technical: hub.listing, subject: new URL(hub.origin).host });
  const query = new URLSearchParams({
    search: text,
    filter: filters[format],
    sort: 'downloads',
    direction: '-1',
    limit: String(most),
  });
  for (const name of expanded) query.append('expand[]', name);
  const { value } = await fetchJson(`${hub.base}/api/models?${query.toString()}`, text, look);
  if (!Array.isArray(value))
    throw new FailureError({ kind: 'download-not-weights', technical: 'the answer is no list', subject: text });
  const found = new Map<string, HubModel>();
  for (const entry of value.slice(0, most) as unknown[]) {
    const model = modelOf(entry, format);
    if (model) found.set(model.repository, model);
  }
  return Promise.all([...found.values()].map((model) => withSize(model, hub, look)));
}

/** @returns null for what no honest hub names: its name becomes part of an address */
function modelOf(entry: unknown, format: HubQuery['format']): HubModel | null {
  const repository = field(entry, 'id');
  if (typeof repository !== 'string' || !/^[\w.-]{1,96}\/[\w.-]{1,96}$/.test(repository) || repository.includes('..'))
    return null;
  const downloads = field(entry, 'downloads');
  const parameters = field(field(entry, 'gguf'), 'total');
  const license = licenseOf(entry);
  const gated = field(entry, 'gated');
  return {
    repository,
    format,
    downloads: isCount(downloads) ? downloads : 0,
    gated: gated !== undefined && gated !== false,
    ...(isCount(parameters) && parameters > 0 && { parameters }),
    ...(license !== undefined && { license: license.slice(0, 60) }),
  };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** A list of files that does not come leaves the size unknown: the model can be looked at all the same. */
async function withSize(model: HubModel, hub: ModelHub, look: Look): Promise<HubModel> {
  const { repository, format } = model;
  try {
    const address = `${hub.base}/api/models/${encodePath(repository)}/tree/main?recursive=true`;
    const files = filesOf((await fetchJson(address, repository, look)).value);
    const sizes = (format === 'gguf' ? ggufPairs(files) : [mlcModel(files, '') ?? []]).map(bytesOf);
    return sizes.some((bytes) => bytes > 0)
      ? { ...model, bytes: { least: Math.min(...sizes), most: Math.max(...sizes) } }
      : model;
  } catch (error) {
    if (look.signal.aborted || !(error instanceof FailureError)) throw error;
    return model;
  }
}

/** Each with the projector that is going to come with it. */
function ggufPairs(files: readonly WeightsFile[]): readonly (readonly WeightsFile[])[] {
  const projectors = files.filter(({ path }) => isProjectorName(path));
  return ggufModels(files).map((parts) => [...parts, ...[projectorFor(parts, projectors) ?? []].flat()]);
}

const bytesOf = (files: readonly WeightsFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
