/** From pieces of text to tokens: each counted once, nothing shown that is not the answer. */
import { describe, expect, it } from 'vitest';
import { AnswerText, type AnswerTextOptions } from '../../workers/engine/webllm/answer-text';

function follow(options: Partial<AnswerTextOptions> = {}) {
  const tokens: string[] = [];
  const text = new AnswerText(
    { token: (piece) => void tokens.push(piece), prefillProgress: () => undefined },
    { opening: '', emptyThought: false, stop: [], ...options },
  );
  return { text, tokens };
}

describe('an answer', () => {
  it('is counted token by token, those that say nothing yet included', () => {
    const { text, tokens } = follow();
    text.piece('Hello', 1);
    // Three tokens of one character: two pieces were held back.
    text.piece('🎉', 4);
    text.finish('Hello🎉', 5);
    expect(tokens).toEqual(['Hello', '', '', '🎉', '']);
    expect(text.tokens).toBe(5);
  });

  it('counts pieces where the engine does not tell', () => {
    const { text, tokens } = follow();
    text.piece('a', null);
    text.piece('b', null);
    text.finish('ab', 3);
    expect(tokens).toEqual(['a', 'b', '']);
  });

  it('brings what was held back to the end', () => {
    const { text, tokens } = follow();
    text.piece('a', 1);
    text.finish('a\ufffd', 2);
    expect(tokens).toEqual(['a', '\ufffd']);
  });

  it('begins with the thought that the template opened', () => {
    const { text, tokens } = follow({ opening: '<think>\n' });
    text.piece('', 1);
    text.piece('so', 2);
    text.piece('</think>', 3);
    expect(tokens).toEqual(['', '<think>\nso', '</think>']);
    expect(text.shown).toBe('<think>\nso</think>');
  });

  it('loses the empty thought that WebLLM puts before it', () => {
    const { text, tokens } = follow({ emptyThought: true });
    text.piece('<think>\n\n</think>\n\nYes', 1);
    text.piece('.', 2);
    text.finish('<think>\n\n</think>\n\nYes.', 3);
    expect(tokens).toEqual(['Yes', '.', '']);
  });

  it('keeps a thought where none was expected', () => {
    const { text } = follow({ emptyThought: true });
    text.piece('<think>\nhm', 1);
    expect(text.shown).toBe('<think>\nhm');
  });
});

describe('a stop string', () => {
  it('is never shown in part', () => {
    const { text, tokens } = follow({ stop: ['###'] });
    text.piece('a', 1);
    text.piece('#', 2);
    text.piece('#', 3);
    // WebLLM cuts the whole text when the third comes.
    text.piece('', 4);
    text.finish('a', 4);
    expect(tokens.join('')).toBe('a');
    expect(tokens).toHaveLength(4);
  });

  it('that does not come is shown after all', () => {
    const { text, tokens } = follow({ stop: ['###', 'END'] });
    text.piece('C#', 1);
    text.piece(' EN', 2);
    text.piece('OUGH', 3);
    text.piece(' #', 4);
    text.finish('C# ENOUGH #', 5);
    expect(tokens.join('')).toBe('C# ENOUGH #');
  });
});
