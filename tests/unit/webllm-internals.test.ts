/** Holds what our adapter uses of the package beyond its interface against the package that is installed. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EngineInternals, internalNames } from '../../workers/engine/webllm/engine-internals';

const source = readFileSync('node_modules/@mlc-ai/web-llm/lib/index.js', 'utf8');
const bodyOf = (name: string): string => {
  const start = source.indexOf(`\nclass ${name} {`);
  const end = source.indexOf('\n}', start);
  return start < 0 ? '' : source.slice(start, end);
};

describe('the installed package', () => {
  const engine = bodyOf('MLCEngine');
  const pipeline = bodyOf('LLMChatPipeline');

  it.each(internalNames.engine)('has MLCEngine.%s', (name) => {
    expect(engine).toMatch(new RegExp(`this\\.${name} = new Map\\(\\)`));
  });

  it.each(internalNames.pipeline)('has LLMChatPipeline.%s', (name) => {
    expect(pipeline).toMatch(new RegExp(`this\\.${name} = |^    ${name}\\(`, 'm'));
  });

  it.each(internalNames.tokenizer)('has Tokenizer.%s', (name) => {
    expect(source).toMatch(new RegExp(`Tokenizer\\.prototype\\.${name} = `));
  });

  it('evaluates each piece of a prompt with embedAndForward, and awaits it', () => {
    expect(pipeline).toMatch(/yield this\.embedAndForward\(chunks\[i\], chunkLens\[i\]\)/);
  });

  it('takes the name of a message for its role, as questions after an answer need', () => {
    expect(engine).toMatch(/last_msg\.role === "user" && last_msg\.name/);
  });
});

describe('without them', () => {
  it.each([{}, { loadedModelIdToPipeline: new Map() }, { loadedModelIdToPipeline: new Map([['m', {}]]) }])(
    'nothing is known, and nothing breaks: %o',
    async (engine) => {
      const internals = new EngineInternals(engine, 'm');
      expect(internals.encode('a')).toBeNull();
      expect(internals.tokenText(1)).toBeNull();
      expect([internals.completionTokens, internals.filledTokens, internals.contextTokens]).toEqual([null, null, null]);
      const listener = { before: () => undefined, after: () => undefined };
      expect(await internals.duringPrefill(listener, () => Promise.resolve(7))).toBe(7);
    },
  );
});
