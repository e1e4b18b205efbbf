/** Finds out what lies at an address, down to the header of a GGUF file, without storing anything. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import { isLibraryPath } from '../../../src/shared/domain/mlc';
import type { ModelHub } from '../../../src/shared/domain/model-hub';
import type {
  Inspection,
  WeightsFile,
  WeightsManifest,
  WeightsRequest,
  WeightsSource,
} from '../../../src/shared/protocol/weights';
import { checkGguf } from '../../gguf/check-gguf';
import { checkWholeness } from '../../mlc/missing-files';
import { mlcFacts } from '../../mlc/mlc-facts';
import { mlcLibrary } from '../../mlc/mlc-library';
import { RangesIgnored } from '../download/passing-trouble';
import { fileUrl } from '../source-address';
import { parseAddress, type ModelAddress } from './address';
import { pinnedFiles } from './entity-tags';
import { fetchJson } from './fetch-json';
import { findInHub } from './find-on-hub';
import { findFile, findFolder, type Finding, type Found } from './find-on-web';
import type { Look } from './look';
import { findLibrary, libraryAddress } from './library-place';
import { headerLimits, withoutFile, withSenses } from './pair-senses';
import { fileSource } from './remote-source';

/** @throws FailureError, or the reason of the look's signal */
export async function inspect(request: WeightsRequest, hub: ModelHub, look: Look): Promise<Inspection> {
  const address = parseAddress(request.url, hub);
  const finding = await find(address, request, hub, look);
  if (finding.kind === 'choice') return finding;
  const { name, source, format, licence, files, projector } = finding.found;
  const library = format === 'mlc' ? await withLibrary(finding.found, request, hub, look) : undefined;
  const stated: WeightsManifest = {
    modelId: request.known?.modelId ?? idOf(source, files),
    name: request.known?.name ?? name,
    source,
    format,
    files: library?.files ?? files,
  };
  const manifest = { ...stated, files: await pinnedFiles(stated, hub, look) };
  if (format === 'mlc') {
    const mlc = await mlcParts(manifest, library?.address, hub, look);
    return { kind: 'model', manifest: { ...licensed(manifest, request, licence), ...mlc } };
  }
  const gguf = await headerFacts(withoutFile(manifest, projector?.path), hub, look);
  const whole = { ...licensed(manifest, request, licence ?? gguf?.licence), ...(gguf && { gguf }) };
  return { kind: 'model', ...(projector ? await withSenses(whole, projector, hub, look) : { manifest: whole }) };
}

function licensed(manifest: WeightsManifest, { known }: WeightsRequest, stated: string | undefined): WeightsManifest {
  const licence = known?.license ?? stated;
  return licence === undefined ? manifest : { ...manifest, licence };
}

function find(address: ModelAddress, request: WeightsRequest, hub: ModelHub, look: Look): Promise<Finding> {
  if (address.kind === 'hub') return findInHub(address, request, hub, look);
  return address.kind === 'file' ? findFile(address.url, look) : findFolder(address.url, look);
}

/**
 * The weights with their compiled library: without it, the model would not load offline. It lies where its address says, or
 * beside the weights.
 */
async function withLibrary(
  { files, listed }: Found,
  { libraryUrl, librarySha256 }: WeightsRequest,
  hub: ModelHub,
  look: Look,
): Promise<{ readonly files: readonly WeightsFile[]; readonly address?: string }> {
  const weights = files.filter(({ path }) => !isLibraryPath(path));
  const beside = listed.filter(({ path }) => isLibraryPath(path));
  const [only] = beside;
  if (libraryUrl === undefined || libraryUrl.trim() === '')
    return { files: only && beside.length === 1 ? [...weights, only] : weights };
  const { file, address } = await findLibrary(libraryAddress(libraryUrl), beside, hub, look);
  return { files: [...weights, pinned(file, librarySha256)], address };
}

/** What the catalog knows of a library is what it has to be, whatever a host says of its own file. */
function pinned(file: WeightsFile, sha256: string | undefined): WeightsFile {
  if (sha256 === undefined) return file;
  if (file.sha256 === undefined || file.sha256 === sha256) return { ...file, sha256 };
  const technical = `SHA-256 of ${file.path} is ${file.sha256} instead of ${sha256}`;
  throw new FailureError({ kind: 'download-wrong', technical, subject: file.path });
}

/** @returns undefined where the server sends whole files only: the engine reads the header when the model is here */
async function headerFacts(manifest: WeightsManifest, hub: ModelHub, look: Look): Promise<GgufFacts | undefined> {
  const sources = manifest.files.map((file) => fileSource(manifest, file, hub, look));
  try {
    return await checkGguf(sources, headerLimits);
  } catch (error) {
    if (error instanceof RangesIgnored) return undefined;
    throw error;
  }
}

/** What config and table of an MLC model tell, and which file is its library. */
async function mlcParts(
  manifest: WeightsManifest,
  address: string | undefined,
  hub: ModelHub,
  look: Look,
): Promise<Pick<WeightsManifest, 'mlc' | 'library'>> {
  const jsonOf = async (name: RegExp): Promise<unknown> => {
    const file = manifest.files.find(({ path }) => name.test(path));
    const url = file && fileUrl(manifest, file, hub);
    return url === undefined ? undefined : (await fetchJson(url, file?.path ?? '', look)).value;
  };
  const config = await jsonOf(/(^|\/)mlc-chat-config\.json$/);
  const table = (await jsonOf(/(^|\/)tensor-cache\.json$/)) ?? (await jsonOf(/(^|\/)ndarray-cache\.json$/));
  checkWholeness(manifest.files, config, table);
  const mlc = mlcFacts(config, table);
  const library = mlcLibrary(manifest.files, address);
  return { mlc, ...(library && { library }) };
}

function idOf(source: WeightsSource, files: readonly WeightsFile[]): string {
  const path = files[0]?.path ?? '';
  if (source.kind === 'hub') return `hub:${source.repository}/${path}`;
  return source.kind === 'web' ? `web:${source.folder}${path}` : `file:${path}`;
}
