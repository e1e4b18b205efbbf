import { describe, expect, it } from 'vitest';
import { missingFiles } from '../../workers/mlc/missing-files';

const config = { tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'] };
const table = { records: [{ dataPath: 'params_shard_0.bin' }, { dataPath: 'params_shard_1.bin' }] };
const whole = [
  'mlc-chat-config.json',
  'tensor-cache.json',
  'tokenizer.json',
  'params_shard_0.bin',
  'params_shard_1.bin',
];
const missingOf = (names: readonly string[], readConfig: unknown = config, readTable: unknown = table) =>
  missingFiles(new Set(names), readConfig, readTable);

describe('a folder of MLC weights', () => {
  it('lacks nothing when all is there that WebLLM asks for', () => {
    expect(missingOf(whole)).toEqual([]);
    expect(missingOf(whole.map((name) => name.replace('tensor-', 'ndarray-')))).toEqual([]);
  });

  it('with nothing but the older table lacks all the rest', () => {
    expect(missingFiles(new Set(['ndarray-cache.json']), undefined, table)).toEqual([
      'mlc-chat-config.json',
      'params_shard_0.bin',
      'params_shard_1.bin',
    ]);
  });

  it.each(whole)('lacks %s when that is away', (name) => {
    const rest = whole.filter((other) => other !== name);
    const readConfig = name === 'mlc-chat-config.json' ? undefined : config;
    expect(missingFiles(new Set(rest), readConfig, name === 'tensor-cache.json' ? undefined : table)).toEqual([name]);
  });

  it('lacks the tokenizer that its config names, and not another one', () => {
    const model = { tokenizer_files: ['tokenizer.model'] };
    expect(missingOf([...whole, 'tokenizer.model'], model)).toEqual([]);
    expect(missingOf(whole, model)).toEqual(['tokenizer.model']);
    expect(
      missingOf(
        whole.filter((name) => name !== 'tokenizer.json'),
        {},
      ),
    ).toEqual(['tokenizer.json']);
  });

  it('whose table names no shard has no weights', () => {
    expect(missingOf(whole, config, { records: [] })).toEqual(['params_shard_0.bin']);
    expect(missingOf(whole, config, 'words')).toEqual(['params_shard_0.bin']);
  });
});
