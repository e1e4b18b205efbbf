import type { ActiveModel } from '../../engine/active-model.svelte';

/** Tokens that a conversation with the model in use can have; null while that is not known. */
export const windowOf = ({ loaded, chosen }: ActiveModel): number | null =>
  loaded?.contextTokens ?? chosen.contextTokens ?? null;
