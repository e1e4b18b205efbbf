/** "Use as much as fits", held against a tokenizer that is far from what was guessed. */
import { describe, expect, it } from 'vitest';
import type { ChatHost } from '../../src/chat/chat-host';
import { countQuestion, fitByGuess, fitToWindow, questionRoom } from '../../src/chat/composer/fit-to-window';
import { PendingFile } from '../../src/chat/files/pending-file.svelte';
import { tokensOfFile, type TokenScale } from '../../src/chat/context/file-tokens';
import type { ChatTurn } from '../../src/shared/protocol/engine';

const contextTokens = 2048;

/** @param perToken characters of a token of this model; null for an engine that does not count */
function hostWith(perToken: number | null): ChatHost {
  const countTokens = (turns: readonly ChatTurn[]) =>
    Promise.resolve({
      ok: true,
      value:
        perToken === null
          ? null
          : turns.reduce((sum, { content }) => sum + Math.ceil(content.length / perToken) + 4, 0),
    });
  return {
    session: {
      draft: 'What is in it?',
      conversationId: 'chat',
      path: [],
      settings: { layers: { conversation: { systemPrompt: 'Answer in one line.', sampling: { maxTokens: 256 } } } },
    },
    activeModel: {
      chosen: { id: 'model', source: { kind: 'stored' } },
      loaded: { contextTokens },
      client: { countTokens },
    },
  } as unknown as ChatHost;
}

/** @param factor tokens of this model for one that is guessed */
const by = (factor: number): TokenScale => ({ factor, mostOfPicture: 1024 });

function fileOf(text: string, name: string): PendingFile {
  const file = new PendingFile(new Blob([text]), name);
  file.read(text);
  return file;
}

describe('"Use as much as fits"', () => {
  it.each([1.1, 2.3, 3.8, 6])(
    'fills the window by what the engine counts, at %f characters a token',
    async (perToken) => {
      const host = hostWith(perToken);
      const files = [fileOf('short note', 'a.txt'), fileOf('lorem ipsum '.repeat(5000), 'b.txt')];
      const count = await fitToWindow(host, files, by(1));
      const room = questionRoom(host) ?? 0;
      expect(room).toBe(contextTokens - 256);
      const after = await countQuestion(host, files);
      expect(after).toEqual(count);
      expect(after?.tokens).toBeLessThanOrEqual(room);
      expect(after?.tokens).toBeGreaterThan(room * 0.9);
      // What is small stays whole.
      expect(files[0]?.usedCharacters).toBe('short note'.length);
    },
  );

  it('leaves files alone that fit', async () => {
    const host = hostWith(3);
    const files = [fileOf('a line\n'.repeat(20), 'a.txt')];
    await fitToWindow(host, files, by(1));
    expect(files[0]?.usedCharacters).toBe(files[0]?.text.length);
  });

  it('says so where the engine does not count, and the guess then fits as well', async () => {
    const host = hostWith(null);
    const files = Array.from({ length: 7 }, (_, index) =>
      fileOf('字和 word '.repeat(300 + index * 97), `${index}.txt`),
    );
    expect(await fitToWindow(host, files, by(1.37))).toBeNull();
    fitByGuess(files, 1000, by(1.37));
    const guessed = files.reduce((sum, file) => sum + tokensOfFile(file, file.usedCharacters, by(1.37)), 0);
    expect(guessed).toBeLessThanOrEqual(1000);
    expect(guessed).toBeGreaterThan(900);
  });
});
