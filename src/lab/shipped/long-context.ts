/** The set with long texts, whose texts are put together when it is loaded. */
import type { LabCase } from '../../shared/domain/lab/case-set';
import { buildHaystack, type Filler, type Haystack } from './haystack';
import file from './long-context.json';
import type { ShippedContent } from './shipped-content';

interface HaystackContent extends ShippedContent {
  readonly filler: Readonly<Record<Haystack['language'], Filler>>;
  readonly cases: readonly (LabCase & { readonly haystack: Haystack })[];
}

const { filler, cases, ...rest } = file as unknown as HaystackContent;

export const longContext: ShippedContent = {
  ...rest,
  cases: cases.map(({ haystack, variables, ...other }) => ({
    ...other,
    variables: { ...variables, text: buildHaystack(filler[haystack.language], haystack) },
  })),
};
