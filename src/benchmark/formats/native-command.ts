import type { BenchmarkResult } from '../statistics/result';
import { leastTokens } from '../../shared/domain/benchmark/profiles';

/** What a shell would take for more than a name. */
const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`);

const distinct = (values: readonly number[]): string => [...new Set(values)].sort((a, b) => a - b).join(',');

/** The call of native llama-bench that measures the same file in the same way. Null where the weights are no GGUF file. */
export function nativeCommand({ model, engine, tests }: BenchmarkResult): string | null {
  if (!/\.gguf$/i.test(model.file)) return null;
  const made = tests.filter(({ median_ts: rate }) => rate !== null);
  const prompts = distinct(made.flatMap(({ n_prompt: tokens }) => (tokens > 0 ? [tokens] : [])));
  const generated = distinct(made.flatMap(({ n_gen: tokens }) => (tokens >= leastTokens ? [tokens] : [])));
  const depths = distinct([0, ...made.map(({ n_depth: depth }) => depth)]);
  return [
    `llama-bench -m ${quoted(model.file)}`,
    `-p ${prompts || 0} -n ${generated || 0} -d ${depths} -r 5`,
    `-b ${engine.n_batch} -ub ${engine.n_ubatch} -fa ${engine.flash_attn ? 1 : 0}`,
    ...(engine.type_k !== '' ? [`-ctk ${engine.type_k} -ctv ${engine.type_v}`] : []),
    `-t ${engine.threads} -ngl ${engine.backend_effective === 'cpu' ? 0 : 99} -o json`,
  ].join(' ');
}
