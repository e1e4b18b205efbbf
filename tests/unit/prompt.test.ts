import { describe, expect, it } from 'vitest';
import type { AnswerMessage, UserMessage } from '../../src/shared/domain/conversation';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { shownTo, turnsOf } from '../../src/chat/prompt';
import { guide } from '../../src/models/shelf/guide';
import * as conversations from '../fixtures/conversations';

const question = (text: string): UserMessage => conversations.question(text, 'c', { text });
const answer = (text: string): AnswerMessage => conversations.answer(text, 'c', 'q', { text, modelId: 'm' });

describe('the turns an engine is given', () => {
  it('leave the thoughts of earlier answers out', () => {
    const branch = [question('1+1?'), answer('<think>\n1+1\n</think>\n\n**2**'), question('thanks')];
    expect(turnsOf(branch)).toEqual([
      { role: 'user', content: '1+1?' },
      { role: 'assistant', content: '**2**' },
      { role: 'user', content: 'thanks' },
    ]);
  });

  it('keep them in an answer that is continued, and its very end', () => {
    expect(turnsOf([question('q'), answer('<think>\nhalf a tho ')], true).at(-1)?.content).toBe('<think>\nhalf a tho ');
    expect(turnsOf([question('q'), answer('')], true)).toHaveLength(2);
  });
});

/** What the templates of Gemma and Mistral insist on, and WebLLM's separators rely on. */
function expectAlternating(turns: readonly ChatTurn[]): void {
  const said = turns.filter(({ role }) => role !== 'system');
  expect(turns.slice(1).some(({ role }) => role === 'system')).toBe(false);
  expect(said.map(({ role }) => role)).toEqual(said.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
  for (const { content } of said) expect(content.trim()).not.toBe('');
}

describe('roles alternate', () => {
  const failed = { ...answer(''), state: 'failed' as const };

  it('where an answer was stopped or failed before its first word: both questions are asked together', () => {
    expect(turnsOf([question('q'), answer(''), question('again')])).toEqual([{ role: 'user', content: 'q\n\nagain' }]);
    expect(turnsOf([question('q'), failed, question('r'), answer('<think>\nhm'), question('s')])).toEqual([
      { role: 'user', content: 'q\n\nr\n\ns' },
    ]);
  });

  it('where a message was said in two parts', () => {
    expect(turnsOf([question('q'), answer('one'), answer('two'), question('r')])).toEqual([
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'one\n\ntwo' },
      { role: 'user', content: 'r' },
    ]);
    expect(turnsOf([question('q'), answer('one'), answer('<think>\nhalf')], true).at(-1)?.content).toBe(
      'one\n\n<think>\nhalf',
    );
  });

  it('where the other side began: its words are told before the first question', () => {
    const turns = turnsOf([answer('Welcome!'), question('q')], false, { systemPrompt: 'Be brief.' });
    expect(turns).toEqual([
      { role: 'system', content: 'Be brief.\n\nYou began this conversation with these words:\nWelcome!' },
      { role: 'user', content: 'q' },
    ]);
    expect(turnsOf([answer('Welcome!'), question('q'), answer('half')], true).map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
    ]);
  });

  it('in whatever was stored', () => {
    const parts = {
      u: question('u'),
      a: answer('a'),
      e: answer(''),
      f: failed,
      t: answer('<think>\nt\n</think>\n\nb'),
    };
    const letters = Object.keys(parts) as (keyof typeof parts)[];
    const branches = Array.from({ length: letters.length ** 5 }, (_, number) =>
      Array.from(
        { length: 5 },
        (_unused, place) => parts[letters[Math.floor(number / letters.length ** place) % letters.length] ?? 'u'],
      ),
    );
    for (const branch of branches) {
      for (const systemPrompt of ['', 'System'])
        expectAlternating(turnsOf([...branch, question('now')], false, { systemPrompt }));
      if (branch.some(({ role }) => role === 'user'))
        expectAlternating(turnsOf([...branch, question('now'), answer('cut')], true));
    }
  });
});

describe('a model that recalls so many questions', () => {
  const branch = [question('1'), answer('one'), question('2'), answer('two'), question('3'), answer('three')];
  const shown = (recalledQuestions: number, messages = branch): string[] =>
    shownTo({ ...guide, recalledQuestions }, messages).map(({ id }) => id);

  it('is shown the last question with those before it, and their answers', () => {
    const asked = branch.slice(0, 5);
    expect(shown(0, asked)).toEqual(['3']);
    expect(shown(1, asked)).toEqual(['2', 'two', '3']);
    expect(shown(9, asked)).toEqual(asked.map(({ id }) => id));
  });

  it('goes on with an answer under the same questions as before', () => {
    expect(shown(1)).toEqual(['2', 'two', '3', 'three']);
  });

  it('is not shown questions that got no answer, but for the last', () => {
    const stopped = [question('0'), answer('zero'), question('1'), answer(''), question('2'), answer('two')];
    expect(shown(1, [...stopped, question('3')])).toEqual(['2', 'two', '3']);
    expect(shown(2, [...stopped, question('3')])).toEqual(['0', 'zero', '2', 'two', '3']);
    expect(shown(1, [...stopped.slice(0, 4), question('3')])).toEqual(['0', 'zero', '3']);
    expect(shown(0, stopped.slice(0, 4))).toEqual(['1', '']);
  });

  it('is the Guide, with one: it was trained on pairs of questions', () => {
    expect(guide.recalledQuestions).toBe(1);
  });
});

describe('pictures', () => {
  const file = (id: string, more: object = {}) => ({
    id,
    name: `${id}.jpg`,
    mediaType: 'image/jpeg',
    bytes: 9,
    usedCharacters: 0,
    textCharacters: 0,
    picture: { width: 64, height: 64, ...more },
  });
  const seen = (...files: ReturnType<typeof file>[]): UserMessage => ({ ...question('what?'), attachments: files });
  const media = ({ id }: { readonly id: string }) => ({ kind: 'picture' as const, blob: new Blob([id]) });

  it('go with the words of their question, to a model that sees', () => {
    const [turn] = turnsOf([seen(file('a'), file('b'))], false, { media });
    expect(turn?.content).toBe('what?');
    expect(turn?.media?.map(({ blob }) => blob.size)).toEqual([1, 1]);
  });

  it('alone are a question', () => {
    const [turn] = turnsOf([{ ...seen(file('a')), text: '' }], false, { media });
    expect(turn).toMatchObject({ role: 'user', content: '', media: [{ kind: 'picture' }] });
  });

  it('of two questions without an answer between them are all in the one turn', () => {
    const turns = turnsOf([seen(file('a')), answer(''), seen(file('b'))], false, { media });
    expect(turns).toHaveLength(1);
    expect(turns[0]?.media).toHaveLength(2);
    expect(turns[0]?.content).toBe('what?\n\nwhat?');
  });

  it('are told of in words where they are not shown', () => {
    expect(turnsOf([seen(file('a', { description: 'A "red" cat' }))])).toEqual([
      { role: 'user', content: `Picture "a.jpg" (A 'red' cat) is not shown to this model.\n\nwhat?` },
    ]);
  });
});
