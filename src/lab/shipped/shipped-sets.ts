/** The sets that come with Sotto. Their names are there at once; their cases are loaded when somebody wants them. */
import type { CaseSet, SetId } from '../../shared/domain/lab/case-set';
import { m } from '../../text/paraglide/messages.js';
import { loadPart } from '../../ui/load-part';
import type { ShippedContent } from './shipped-content';

export interface ShippedSet {
  readonly id: SetId;
  /** In the language of the page. */
  readonly name: () => string;
  /** What it measures, what it doesn't, and where it is from; in the language of the page. */
  readonly about: () => string;
  readonly caseCount: number;
}

interface ShippedSource extends ShippedSet {
  /** A JSON module has wider types than the contract; `tests/unit/lab/shipped-sets.test.ts` holds each file against it. */
  readonly load: () => Promise<unknown>;
}

const sources: readonly ShippedSource[] = [
  {
    id: 'shipped:first-look',
    name: m.lab_set_first_look_name,
    about: m.lab_set_first_look_about,
    caseCount: 12,
    load: async () => (await loadPart(() => import('./first-look.json'))).default,
  },
  {
    id: 'shipped:arithmetic',
    name: m.lab_set_arithmetic_name,
    about: m.lab_set_arithmetic_about,
    caseCount: 40,
    load: async () => (await loadPart(() => import('./arithmetic.json'))).default,
  },
  {
    id: 'shipped:json-extraction',
    name: m.lab_set_json_extraction_name,
    about: m.lab_set_json_extraction_about,
    caseCount: 26,
    load: async () => (await loadPart(() => import('./json-extraction.json'))).default,
  },
  {
    id: 'shipped:instructions',
    name: m.lab_set_instructions_name,
    about: m.lab_set_instructions_about,
    caseCount: 31,
    load: async () => (await loadPart(() => import('./instructions.json'))).default,
  },
  {
    id: 'shipped:instructions-zh',
    name: m.lab_set_instructions_zh_name,
    about: m.lab_set_instructions_zh_about,
    caseCount: 29,
    load: async () => (await loadPart(() => import('./instructions-zh.json'))).default,
  },
  {
    id: 'shipped:javascript',
    name: m.lab_set_javascript_name,
    about: m.lab_set_javascript_about,
    caseCount: 28,
    load: async () => (await loadPart(() => import('./javascript.json'))).default,
  },
  {
    id: 'shipped:translation',
    name: m.lab_set_translation_name,
    about: m.lab_set_translation_about,
    caseCount: 32,
    load: async () => (await loadPart(() => import('./translation.json'))).default,
  },
  {
    id: 'shipped:refusals',
    name: m.lab_set_refusals_name,
    about: m.lab_set_refusals_about,
    caseCount: 40,
    load: async () => (await loadPart(() => import('./refusals.json'))).default,
  },
  {
    id: 'shipped:long-context',
    name: m.lab_set_long_context_name,
    about: m.lab_set_long_context_about,
    caseCount: 24,
    load: async () => (await loadPart(() => import('./long-context'))).longContext,
  },
];

/** In the order in which they are shown. */
export const shippedSets: readonly ShippedSet[] = sources;

export const isShipped = (id: SetId): boolean => sources.some((source) => source.id === id);

/**
 * The set with its cases, named in the language of the page. Undefined where no set of this version has that id, as when an older
 * version made the run.
 * @throws FailureError `part-unreachable`, `part-broken` or `app-outdated`
 */
export async function loadShippedSet(id: SetId): Promise<CaseSet | undefined> {
  const source = sources.find((each) => each.id === id);
  if (!source) return undefined;
  const content = (await source.load()) as ShippedContent;
  return { ...content, name: source.name(), about: source.about(), createdAt: 0, updatedAt: 0 };
}
