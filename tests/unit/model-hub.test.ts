import { describe, expect, it } from 'vitest';
import { hubFileUrl, parseHub, type ModelHub } from '../../src/shared/domain/model-hub';

const hub = (text: string): ModelHub => {
  const parsed = parseHub(text);
  if (!parsed) throw new Error(`not understood: ${text}`);
  return parsed;
};
const commit = '0123456789abcdef0123456789abcdef01234567';

describe('a model host', () => {
  it('that is not named is the Hugging Face hub', () => {
    expect(hub('')).toMatchObject({ address: 'https://huggingface.co', listing: 'huggingface' });
    expect(hubFileUrl(hub(''), 'Qwen/Qwen3', commit, 'a b/c.gguf')).toBe(
      `https://huggingface.co/Qwen/Qwen3/resolve/${commit}/a%20b/c.gguf`,
    );
  });

  it('that keeps the paths of the hub may lie in a folder', () => {
    expect(hubFileUrl(hub('https://mirror.example/hf/'), 'a/b', 'main', 'c.gguf')).toBe(
      'https://mirror.example/hf/a/b/resolve/main/c.gguf',
    );
    expect(hub('https://mirror.example/hf/').base).toBe('https://mirror.example/hf');
  });

  it.each(['https://modelscope.cn', 'https://www.modelscope.cn/', ' https://modelscope.cn '])(
    '"%s" is understood as ModelScope, with its own paths and branches',
    (text) => {
      const modelScope = hub(text);
      expect(modelScope.listing).toBe('modelscope');
      const file = `${modelScope.origin}/models/Qwen/Qwen3/resolve/master/c.gguf`;
      for (const revision of [commit, 'main', 'master'])
        expect(hubFileUrl(modelScope, 'Qwen/Qwen3', revision, 'c.gguf')).toBe(file);
    },
  );

  it('that was ModelScope does not leave its branch behind', () => {
    expect(hubFileUrl(hub(''), 'a/b', 'master', 'c.gguf')).toBe('https://huggingface.co/a/b/resolve/main/c.gguf');
  });

  it('with paths of its own lists its files in a manifest', () => {
    const own = hub('https://weights.example/models/{repo}/{path}?v={revision}');
    expect(own.listing).toBe('manifest');
    expect(hubFileUrl(own, 'a/b', 'main', 'c d.gguf')).toBe('https://weights.example/models/a/b/c%20d.gguf?v=main');
  });

  it('whose template names a known form is asked in that form', () => {
    expect(hub('https://proxy.example/ms/models/{repo}/resolve/{revision}/{path}')).toMatchObject({
      listing: 'modelscope',
      base: 'https://proxy.example/ms',
    });
    expect(hub('https://proxy.example/hf/{repo}/resolve/{revision}/{path}')).toMatchObject({
      listing: 'huggingface',
      base: 'https://proxy.example/hf',
    });
  });

  it.each([
    'words',
    'ftp://host',
    'https://host/?a=b',
    'https://host/#x',
    'https://host/{repo}',
    'https://host/{path}',
    'https://host/{revision}/x',
  ])('"%s" is refused', (text) => {
    expect(parseHub(text)).toBeNull();
  });
});
