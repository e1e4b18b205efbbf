import { tick } from 'svelte';

const articles = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('article[data-model]')];

const articleOf = (modelId: string | null): HTMLElement | undefined =>
  articles().find(({ dataset }) => dataset['model'] === modelId);

/**
 * Moves the focus to a model's article, once it is there: whoever works without eyes or mouse must not be left nowhere.
 * @param instead where it goes when that article is gone
 * @param options `preventScroll` for one that a person is looking at: it must not move
 */
export async function focusArticle(
  modelId: string,
  instead: string | null = null,
  { preventScroll = false } = {},
): Promise<void> {
  await tick();
  const article = articleOf(modelId) ?? articleOf(instead);
  article?.focus({ preventScroll });
}

/** The model whose article comes after, else before, on the screen; null for an article that is alone. */
export function articleBeside(modelId: string): string | null {
  const ids = articles().map(({ dataset }) => dataset['model'] ?? '');
  const index = ids.indexOf(modelId);
  return ids[index + 1] ?? ids[index - 1] ?? null;
}
