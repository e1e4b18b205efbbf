import type { ThinkingMode } from '../../shared/domain/catalog';
import type { ModelDescriptor } from '../../shared/domain/model';
import { entries } from '../catalog/catalog-data';

/** What the catalog says of these weights; of others, what their name gives away. */
export function thinkingMode({ id, name }: ModelDescriptor): ThinkingMode {
  const entry = entries.find((one) => one.id === id);
  if (entry) return entry.thinking;
  if (/deepseek[-_ .]?r1|qwq|thinking/i.test(name)) return 'always';
  // Qwen3 in its first edition can do both; the later ones say in their names which they do.
  return /qwen3(?![\d.])/i.test(name) && !/instruct|coder|2507/i.test(name) ? 'switchable' : 'none';
}
