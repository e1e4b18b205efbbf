import { tick } from 'svelte';

/** Moves the focus to a model's article, once it is there: whoever works without eyes or mouse must not be left nowhere. */
export async function focusArticle(modelId: string): Promise<void> {
  await tick();
  const articles = [...document.querySelectorAll<HTMLElement>('article[data-model]')];
  articles.find(({ dataset }) => dataset['model'] === modelId)?.focus();
}

/** The model whose article comes after, else before; null for an article that is alone. */
export function neighbourOf(modelId: string, ids: readonly string[]): string | null {
  const index = ids.indexOf(modelId);
  return ids[index + 1] ?? ids[index - 1] ?? null;
}
