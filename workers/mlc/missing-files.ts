/** What WebLLM asks for when it loads a model. A folder without it would be found out only after gigabytes. */
import { FailureError } from '../../src/shared/protocol/failure';
import { field, listOf, textOf } from './json-fields';

export const configName = 'mlc-chat-config.json';
/** Older weights have the table under the second name; the content is the same. */
export const tableNames = ['tensor-cache.json', 'ndarray-cache.json'] as const;

/**
 * Names of the files that are missing, in the order in which they would be asked for.
 * @param names of the files there are, relative to the folder of the weights
 * @param config `mlc-chat-config.json`, parsed; undefined where it is missing @param table `tensor-cache.json`, likewise
 */
export function missingFiles(names: ReadonlySet<string>, config: unknown, table: unknown): readonly string[] {
  const lacks = (name: string): boolean => !names.has(name);
  const missing = lacks(configName) ? [configName] : [];
  if (tableNames.every(lacks)) missing.push(tableNames[0]);
  if (config !== undefined) {
    const tokenizer = listOf(field(config, 'tokenizer_files'));
    // WebLLM takes the first of them that the config names, and knows no other.
    const wanted = ['tokenizer.json', 'tokenizer.model'].find((name) => tokenizer.includes(name)) ?? 'tokenizer.json';
    if (lacks(wanted)) missing.push(wanted);
  }
  if (table !== undefined) {
    const shards = listOf(field(table, 'records')).map((record) => textOf(field(record, 'dataPath')) ?? '');
    // A table of nothing belongs to no weights.
    if (shards.length === 0) missing.push('params_shard_0.bin');
    missing.push(...new Set(shards.filter((name) => name !== '' && lacks(name))));
  }
  return missing;
}

/**
 * Refuses weights that could not be loaded, before their bytes come.
 * @param files with their paths, all in one folder
 * @throws FailureError `weights-lacking`, which names the first few
 */
export function checkWholeness(files: readonly { readonly path: string }[], config: unknown, table: unknown): void {
  const names = new Set(files.map(({ path }) => path.split('/').at(-1) ?? path));
  const missing = missingFiles(names, config, table);
  if (missing.length === 0) return;
  const subject = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '');
  throw new FailureError({ kind: 'weights-lacking', technical: missing.slice(0, 100).join(', '), subject });
}
