import { describe, expect, it } from 'vitest';
import { missingVariables } from '../../../src/lab/set/missing-variables';
import { caseHash } from '../../../src/lab/set/set-hash';
import {
  renderTemplate,
  templateNames,
  templatePieces,
  unsupportedSyntax,
} from '../../../src/shared/domain/lab/template';
import type { CaseSet, LabCase, PromptTurn } from '../../../src/shared/domain/lab/case-set';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { anySet, anyText } from './any-set';

const user = (content: string): PromptTurn[] => [{ role: 'user', content }];
const rendered = (text: string, variables: Record<string, string>): string =>
  renderTemplate(user(text), variables).turns[0]?.content ?? '';

describe('a prompt with variables', () => {
  it('is filled in, with and without blanks, in every turn', () => {
    const turns: PromptTurn[] = [
      { role: 'system', content: 'Answer in {{language}}.' },
      { role: 'user', content: '{{ text }} {{\ttext\n}} {{text}}' },
    ];
    expect(renderTemplate(turns, { language: 'French', text: 'Hi' })).toEqual({
      turns: [
        { role: 'system', content: 'Answer in French.' },
        { role: 'user', content: 'Hi Hi Hi' },
      ],
      missing: [],
    });
  });

  it('takes the names that Nunjucks takes', () => {
    expect(rendered('{{问题}} {{_a1}} {{a$b}}', { 问题: '1', _a1: '2', a$b: '3' })).toBe('1 2 3');
    const others = ['{{ a-b }}', '{{ a.b }}', '{{ a b }}', '{{ 1 }}', '{{ true }}', '{{ "a" }}', '{{}}', '{{ a[0] }}'];
    expect(unsupportedSyntax(user(others.join('')))).toEqual(others);
  });

  it('inserts values once: braces inside of a value are text', () => {
    expect(rendered('{{a}}{{b}}', { a: '{{b}}', b: '{{a}}' })).toBe('{{b}}{{a}}');
    expect(rendered('{{{a}}}', { a: 'x' })).toBe('{{{a}}}');
    expect(rendered('{{a}}', { a: '$& $1 $`' })).toBe('$& $1 $`');
  });

  it('keeps and names a variable that has no value, also one that every object inherits', () => {
    const { turns, missing } = renderTemplate(user('{{ a }} {{constructor}} {{a}} {{__proto__}}'), {});
    expect(turns[0]?.content).toBe('{{ a }} {{constructor}} {{a}} {{__proto__}}');
    expect(missing).toEqual(['a', 'constructor', '__proto__']);
    expect(rendered('{{constructor}}', { constructor: 'x' } as unknown as Record<string, string>)).toBe('x');
  });

  it('tells filters, statements, and comments, and leaves them as they are', () => {
    const text = '{{ x | upper }}{% if x %}{{x}}{% endif %}{# note #}';
    expect(unsupportedSyntax(user(text))).toEqual(['{{ x | upper }}', '{% if x %}', '{% endif %}', '{# note #}']);
    expect(templateNames(user(text))).toEqual(['x']);
    expect(rendered(text, { x: '1' })).toBe('{{ x | upper }}{% if x %}1{% endif %}{# note #}');
  });

  it('takes braces that are never closed for text', () => {
    expect(rendered('{{a {% {# {', { a: 'x' })).toBe('{{a {% {# {');
    expect(unsupportedSyntax(user('{{a {% {#'))).toEqual([]);
  });

  it('is read in a time that grows with its length alone', () => {
    const started = performance.now();
    for (const part of ['{{', '{%', '{#', '{', '{{{%{#', '}}'])
      expect(templatePieces(part.repeat(500_000))).not.toHaveLength(0);
    expect(performance.now() - started).toBeLessThan(30_000);
  }, 60_000);

  it('falls into pieces that are the whole text again', () => {
    const random = mulberry32(7);
    for (let round = 0; round < 1000; round += 1) {
      const text = anyText(random, 12);
      expect(
        templatePieces(text)
          .map(({ source }) => source)
          .join(''),
      ).toBe(text);
    }
  });
});

const someCase = (id: string, more: Partial<LabCase> = {}): LabCase => ({ id, variables: {}, checks: [], ...more });

describe('variables that are missing', () => {
  it('are told with the cases that lack them, by the prompt that each is asked with', () => {
    const cases = [
      someCase('1', { variables: { a: 'x' } }),
      someCase('2', { variables: { a: '', b: 'y' } }),
      someCase('3', { turns: user('{{c}}') }),
    ];
    expect(missingVariables({ prompt: user('{{a}} {{b}} {{d}}'), cases })).toEqual([
      { name: 'b', caseIds: ['1'], everywhere: false },
      { name: 'd', caseIds: ['1', '2'], everywhere: true },
      { name: 'c', caseIds: ['3'], everywhere: true },
    ]);
    expect(missingVariables({ prompt: user('{{a}}'), cases: cases.slice(0, 2) })).toEqual([]);
  });
});

describe('the hash of a set', () => {
  const set = anySet(mulberry32(3));
  const hash = (change: Partial<CaseSet>): Promise<string> => caseHash({ ...set, ...change });
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, reversed(inner)]),
          )
        : value;

  it('is of a fixed form', async () => {
    const simple = { prompt: user('{{q}}'), checks: [], cases: [someCase('1', { variables: { q: '1+1' } })] };
    expect(await caseHash(simple)).toMatch(/^[0-9a-f]{64}$/);
    // Stored results refer to it: a change of the form would part them from their set.
    expect(await caseHash(simple)).toBe('d1c691fb4bfa167fe07cde7117b723e5e989b816cf76a9ba29e49b7c85ef2727');
  });

  it('does not depend on the order of keys, nor on names, ids, dates, settings, references, and categories', async () => {
    const same = await hash({});
    expect(await caseHash(reversed(set) as CaseSet)).toBe(same);
    expect(await hash({ id: 'x', name: 'x', createdAt: 9, about: 'x', settings: { ...set.settings, seed: 9 } })).toBe(
      same,
    );
    expect(await hash({ cases: set.cases.map((each, index) => ({ ...each, id: `x${index}`, category: 'x' })) })).toBe(
      same,
    );
  });

  it('does not depend on where a check is kept', async () => {
    const check = { kind: 'refusal' } as const;
    const inCases = set.cases.map((each) => ({ ...each, checks: [check, ...each.checks] }));
    expect(await hash({ cases: inCases })).toBe(await hash({ checks: [...set.checks, check] }));
  });

  it('depends on all that is asked and checked', async () => {
    const same = await hash({});
    const [first, ...rest] = set.cases;
    if (!first) throw new Error('no case');
    const others = await Promise.all([
      hash({ prompt: user('other') }),
      hash({ checks: [...set.checks, { kind: 'refusal' }] }),
      hash({ cases: [...set.cases, first] }),
      hash({ cases: [{ ...first, variables: { ...first.variables, more: '' } }, ...rest] }),
      hash({ cases: [{ ...first, turns: user('own') }, ...rest] }),
      hash({ cases: [{ ...first, checks: [...first.checks, { kind: 'refusal', not: true }] }, ...rest] }),
    ]);
    expect(new Set([same, ...others]).size).toBe(7);
  });
});
