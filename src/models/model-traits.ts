/** What is told of a model on its card and in a comparison, whether it is of the catalog, in the store or opened for a visit. */
import { inLanguage, type Words } from '../shared/domain/languages';
import type { CatalogEntry, CatalogFamily, FigureSource, ThinkingMode } from '../shared/domain/catalog';
import type { DeviceFacts } from '../shared/domain/device';
import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import type { LoadSettings, WebLlmBuild } from '../shared/domain/engine-choice';
import type { Fit, FitNeed } from '../shared/domain/fit';
import type { ModelDescriptor } from '../shared/domain/model';
import { type ModelPurpose, purposeOf } from '../shared/domain/model-purpose';
import type { Senses } from '../shared/domain/senses';
import type { StoredModel, WeightsFormat, WeightsManifest, WeightsSource } from '../shared/protocol/weights';
import { fitOf } from '../device/fit';
import { withProjector } from './catalog/with-projector';
import { fitHere } from './expected-speed';
import { memoryWith, needOf } from '../device/fit-need';
import { engineOf } from './shelf/stored-descriptor';
import { whereItRuns } from './where-it-runs';
import { m } from '../text/paraglide/messages.js';
import { getLocale } from '../text/paraglide/runtime.js';

export interface SourceText {
  readonly text: string;
  /** Where a person can read about it. */
  readonly href?: string;
}

export interface ModelTraits {
  readonly id: string;
  readonly name: string;
  readonly format: WeightsFormat;
  /** Of the weights. */
  readonly bytes: number;
  readonly memoryBytes?: number;
  /** Where these two are from; absent where the files themselves tell. */
  readonly bytesFrom?: FigureSource;
  readonly memoryFrom?: FigureSource;
  readonly parameters?: number;
  readonly quantization?: string;
  readonly contextTokens?: number;
  readonly license?: string;
  readonly thinking?: ThinkingMode;
  /** What it takes beside words; absent where it takes words alone, or nobody knows. */
  readonly senses?: Senses;
  /** Absent for what is talked to. */
  readonly purpose?: Exclude<ModelPurpose, 'chat'>;
  /** Of `bytes`, those of what gives it its senses. */
  readonly projectorBytes?: number;
  readonly goodFor?: string;
  readonly origin?: string;
  readonly alignment?: string;
  readonly source: SourceText;
  /** Which engine computes it here, where, and why; absent until the device has been asked. Worked out when it is to be shown. */
  readonly where?: () => string;
  /** Null until the device has been asked. */
  readonly fit: Fit | null;
}

const ofPage = (words: Words): string => inLanguage(words, getLocale());

function originOf({ origin, basedOn, firstReleased, released }: CatalogFamily): string {
  const years = firstReleased === undefined ? String(released) : `${firstReleased}–${released}`;
  const inputs = { maker: ofPage(origin), years };
  return basedOn === undefined ? m.model_origin(inputs) : m.model_origin_based({ ...inputs, base: basedOn });
}

/** Tells the quantizations and formats of one model apart. */
export const entryName = ({ title, quantization }: CatalogEntry): string => `${title} (${quantization})`;

/** What a projector adds to a model. */
const sensesTraits = ({ sees, hears, bytes }: Senses & { readonly bytes: number }): Partial<ModelTraits> => ({
  senses: { sees, hears },
  projectorBytes: bytes,
});

function catalogTraits(entry: CatalogEntry, family: CatalogFamily | undefined): Omit<ModelTraits, 'fit'> {
  const { id, format, bytes, memoryBytes, parameters, quantization, contextTokens, license, thinking, sources } = entry;
  const { projector } = entry;
  return {
    id,
    name: entryName(entry),
    format,
    bytes,
    memoryBytes,
    ...(sources.bytes && { bytesFrom: sources.bytes }),
    ...(sources.memoryBytes && { memoryFrom: sources.memoryBytes }),
    parameters,
    quantization,
    contextTokens,
    license,
    thinking,
    ...(projector && sensesTraits(projector)),
    goodFor: ofPage(entry.goodFor),
    ...(family && { origin: originOf(family), alignment: ofPage(family.alignment) }),
    source: hubSource(entry.repository),
  };
}

export const traitsOfEntry = (
  entry: CatalogEntry,
  family: CatalogFamily | undefined,
  device: DeviceFacts | null,
  measured: MeasuredSpeeds | null = null,
): ModelTraits => ({
  ...catalogTraits(entry, family),
  ...whereFor(entry, device),
  fit: device && fitHere(entry, device, measured),
});

/** @param wanted as a person wants it @param builds of the same model for WebLLM that are stored as well */
function whereFor(
  {
    format,
    id,
    bytes,
    architecture,
    senses,
  }: Pick<ModelTraits, 'id' | 'bytes' | 'format' | 'senses'> & Pick<FitNeed, 'architecture'>,
  device: DeviceFacts | null,
  { backend, cpuEngine }: Pick<LoadSettings, 'backend' | 'cpuEngine'> = {},
  builds: readonly WebLlmBuild[] = [],
): Pick<ModelTraits, 'where'> {
  if (!device) return {};
  const chosen = {
    id,
    bytes,
    engine: engineOf(format),
    ...(architecture !== undefined && { architecture }),
    ...(senses && { senses }),
    ...(backend && { backend }),
    ...(cpuEngine && { cpuEngine }),
  };
  return { where: () => whereItRuns(chosen, device, builds) };
}

/** @param known what the catalog knows of the same weights, if it does @param builds of the same model for WebLLM that are stored as well */
export function traitsOfStored(
  { manifest, bytes, storedBytes }: StoredModel,
  known: CatalogEntry | undefined,
  family: CatalogFamily | undefined,
  device: DeviceFacts | null,
  settings: LoadSettings = {},
  measured: MeasuredSpeeds | null = null,
  builds: readonly WebLlmBuild[] = [],
): ModelTraits {
  const own = needOf(manifest, storedBytes);
  // As it was taken: with what lets it see, or without.
  const entry = known && manifest.projector ? withProjector(known) : known;
  const need = entry
    ? { ...entry, bytes, storedBytes, ...(own.architecture && { architecture: own.architecture }) }
    : own;
  // With the window that it is loaded with.
  const memory =
    settings.contextTokens === undefined ? null : memoryWith(manifest, settings.contextTokens, settings.kvCache);
  const given = traitsOfManifest(manifest, null);
  return {
    ...given,
    ...(entry && catalogTraits(entry, family)),
    name: manifest.name,
    bytes,
    bytesFrom: 'repository',
    ...(memory !== null && { memoryBytes: memory, memoryFrom: 'estimate' }),
    source: sourceText(manifest.source),
    ...whereFor(
      { ...need, ...(given.senses && { senses: given.senses }), id: manifest.modelId, bytes },
      device,
      settings,
      builds,
    ),
    fit: device && fitHere(memory === null ? need : { ...need, memoryBytes: memory }, device, measured),
  };
}

/** What the files themselves tell. */
export function traitsOfManifest(manifest: WeightsManifest, device: DeviceFacts | null): ModelTraits {
  const { modelId, name, format, gguf, mlc, source } = manifest;
  const need = needOf(manifest);
  const quantization = gguf?.quantisation ?? mlc?.quantisation;
  const contextTokens = gguf?.contextTokens ?? mlc?.contextTokens;
  const license = manifest.licence ?? gguf?.licence;
  const { projector } = manifest;
  const senses = projector && sensesTraits({ ...projector, bytes: need.projectorBytes ?? 0 });
  const purpose = purposeOf(manifest);
  return {
    id: modelId,
    name,
    format,
    bytes: need.bytes,
    memoryBytes: need.memoryBytes,
    ...(need.parameters !== undefined && { parameters: need.parameters }),
    ...(quantization !== undefined && quantization !== '' && { quantization }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(license !== undefined && { license }),
    ...senses,
    ...(purpose !== 'chat' && { purpose }),
    source: sourceText(source),
    ...whereFor({ ...need, ...senses, id: modelId }, device),
    fit: device && fitOf(need, device),
  };
}

/** For the Guide and for files opened for a visit, of which no more is known before they are loaded. */
export function traitsOfDescriptor(model: ModelDescriptor, device: DeviceFacts | null): ModelTraits {
  const { id, name, bytes, license, contextTokens, source, architecture, senses } = model;
  const builtIn = source.kind === 'built-in';
  const memoryBytes = Math.round(bytes * 1.3);
  const need = { format: 'gguf' as const, bytes, storedBytes: bytes, memoryBytes, needsF16: false };
  return {
    id,
    name,
    format: need.format,
    bytes,
    ...(builtIn && contextTokens !== undefined && { contextTokens }),
    ...(license !== undefined && { license }),
    ...(senses && { senses }),
    ...(builtIn && { goodFor: m.guide_about() }),
    source: { text: source.kind === 'file' ? m.source_file({ name: source.fileName }) : m.source_built_in() },
    ...whereFor(
      {
        id,
        bytes,
        format: need.format,
        ...(architecture !== undefined && { architecture }),
        ...(senses && { senses }),
      },
      device,
      model,
    ),
    fit: device && fitOf(need, device),
  };
}

const hubSource = (repository: string): SourceText => ({
  text: repository,
  href: `https://huggingface.co/${repository}`,
});

function sourceText(source: WeightsSource): SourceText {
  switch (source.kind) {
    case 'hub':
      return hubSource(source.repository);
    case 'web':
      return { text: source.folder, href: source.folder };
    case 'files':
      return { text: m.model_source_files() };
  }
}
