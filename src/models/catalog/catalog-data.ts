/** The catalog as typed data. Load it with `import()`: the first screen does without it and has to stay small. */
import type {
  CatalogBuild,
  CatalogEntry,
  CatalogFamily,
  CatalogMaker,
  CatalogModel,
  FigureSource,
  ModelBuilds,
  NoteName,
  SourcedFigure,
} from '../../shared/domain/catalog';
import { inLanguage, languages, type Words } from '../../shared/domain/languages';
import { withProjector } from './with-projector';
import makerList from './makers.json';
import modelList from './models.json';
import noteList from './notes.json';

// JSON modules have `string` where the contract names its values; `tests/unit/catalog.test.ts` holds each against the contract.
const makers: readonly CatalogMaker[] = makerList;
const notes = new Map<NoteName, Words>(Object.entries(noteList));

/** @throws Error where nothing is written under that name: no text may be missing without a word */
function noteOf(name: NoteName): Words {
  const words = notes.get(name);
  if (!words) throw new Error(`no such note: ${name}`);
  return words;
}

const joined = (texts: readonly Words[]): Words => {
  const inEach = languages.map(({ tag, betweenSentences }): [string, string] => [
    tag,
    texts.map((words) => inLanguage(words, tag)).join(betweenSentences),
  ]);
  return { en: '', ...Object.fromEntries(inEach) };
};

/** In the order in which they are shown. */
export const families: readonly CatalogFamily[] = makers.flatMap(({ id: maker, origin, alignment, families: own }) =>
  own.map(({ basedOn, ...family }) => {
    const base = own.find(({ id }) => id === basedOn);
    const stated = typeof alignment === 'string' ? noteOf(alignment) : alignment;
    return { ...family, maker, origin, alignment: stated, ...(base && { basedOn: base.name }) };
  }),
);

/** In the order in which they are shown: the families people come for first, small models before large ones. */
export const models: readonly ModelBuilds[] = (modelList as unknown as readonly CatalogModel[]).map(
  ({ builds: [first, ...others], ...model }) => ({
    id: model.id,
    title: model.title,
    builds: [entryOf(model, first), ...others.map((build) => entryOf(model, build))],
  }),
);

/** Every build of every model, in that order. */
export const entries: readonly CatalogEntry[] = models.flatMap(({ builds }) => builds);

/** Everything that holds for a build: its own facts, those of its model, and its maker. */
function entryOf(model: Omit<CatalogModel, 'builds'>, build: CatalogBuild): CatalogEntry {
  const { id, notes: noted = [], parameters, contextTokens, ...facts } = model;
  const { notes: own = [], bytes, memoryBytes, ...rest } = build;
  const common = {
    ...facts,
    model: id,
    maker: families.find(({ id: family }) => family === model.family)?.maker ?? model.family,
    goodFor: joined([model.goodFor, ...[...noted, ...own].map(noteOf)]),
  };
  const figures = { parameters, contextTokens, bytes, memoryBytes };
  if (rest.format === 'gguf') {
    const { projector: written, ...gguf } = rest;
    const words = { ...common, ...gguf, ...apart(figures), needsF16: false };
    if (!written) return words;
    const { file, sees, hears, optional } = written;
    const projector = { file, sees, hears, bytes: written.bytes.value };
    return optional ? { ...words, optionalProjector: projector } : withProjector(words, projector);
  }
  const { largestTensorBytes, kvBytesPerToken, ...mlc } = rest;
  return { ...common, ...mlc, ...apart({ ...figures, largestTensorBytes, kvBytesPerToken }) };
}

/** The numbers alone, and beside them where each is from. */
function apart<Name extends string>(
  figures: Readonly<Record<Name, SourcedFigure>>,
): Readonly<Record<Name, number>> & { readonly sources: Readonly<Record<Name, FigureSource>> } {
  const list = Object.entries<SourcedFigure>(figures);
  const values = Object.fromEntries(list.map(([name, { value }]) => [name, value])) as Record<Name, number>;
  const sources = Object.fromEntries(list.map(([name, { source }]) => [name, source])) as Record<Name, FigureSource>;
  return { ...values, sources };
}
