import { describe, expect, it } from 'vitest';
import { readSet } from '../../../workers/set-files/read-set';

const yaml = (text: string) => readSet('promptfooconfig.yaml', text);
const kindsOf = async (text: string): Promise<unknown> =>
  (await yaml(text)).notes.map(({ kind, detail }) => (detail === undefined ? kind : `${kind}: ${detail}`));

describe('a configuration of promptfoo', () => {
  it('is read as far as it names no file or program', async () => {
    const { sets, notes } = await yaml(`
# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json
description: Translations
prompts:
  - 'Translate to {{language}}: {{text}}'
providers: [openai:gpt-4o-mini]
defaultTest:
  vars: { language: French }
  assert:
    - type: not-contains
      value: sorry
    - type: latency
      threshold: 2000
tests:
  - description: greeting
    vars: { text: Hello }
    assert:
      - { type: icontains, value: bonjour }
      - { type: similar, value: Bonjour, threshold: 0.9, weight: 2 }
      - { type: python, value: 'len(output) > 3' }
      - { type: javascript, value: file://check.js }
    metadata: { category: short, level: 2 }
  - vars: { text: 'Bye', language: German }
    assert:
      - type: is-json
        value: { required: [a] }
      - { type: contains-any, value: [a, 5] }
      - { type: contains-all, value: 'a, "b, c"' }
      - { type: word-count, value: { min: 2 } }
    threshold: 0.5
`);
    expect(sets).toEqual([
      {
        name: 'promptfooconfig',
        about: 'Translations',
        prompt: [{ role: 'user', content: 'Translate to {{language}}: {{text}}' }],
        checks: [
          { kind: 'contains', value: 'sorry', not: true },
          { kind: 'latency', mostMs: 2000 },
        ],
        cases: [
          {
            id: 'c1',
            variables: { language: 'French', text: 'Hello' },
            checks: [
              { kind: 'contains', value: 'bonjour', ignoresCase: true },
              { kind: 'similar', value: 'Bonjour', least: 0.9 },
            ],
            category: 'short',
          },
          {
            id: 'c2',
            variables: { language: 'German', text: 'Bye' },
            checks: [
              { kind: 'is-json', schema: '{"required":["a"]}' },
              { kind: 'contains-any', values: ['a', '5'] },
              { kind: 'contains-all', values: ['a', 'b, c'] },
              { kind: 'length', unit: 'words', least: 2 },
            ],
          },
        ],
        settings: expect.anything() as unknown,
      },
    ]);
    expect(notes.map(({ kind, detail, places }) => [kind, detail, ...places])).toEqual([
      ['field-ignored', 'providers', { in: 'file' }],
      ['field-ignored', 'description', { in: 'test', test: 1 }],
      ['metadata-ignored', 'level', { in: 'test', test: 1 }],
      ['field-ignored', 'assert.weight', { in: 'test', test: 1, check: 2 }],
      ['check-unsupported', 'python', { in: 'test', test: 1, check: 3 }],
      ['file-reference', 'file://check.js', { in: 'test', test: 1, check: 4 }],
      ['threshold-ignored', undefined, { in: 'test', test: 2 }],
    ]);
  });

  it('makes a set of each prompt, among which the person chooses', async () => {
    const { sets, notes } = await yaml(`
prompts:
  - 'One: {{q}}'
  - '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "{{q}}"}]'
  - label: three
    raw: |
      Three:
      {{q}}
  - [{ role: user, content: [{ type: text, text: '{{q}}!' }] }]
tests: [{ vars: { q: a } }]
`);
    expect(sets.map(({ prompt }) => prompt)).toEqual([
      [{ role: 'user', content: 'One: {{q}}' }],
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: '{{q}}' },
      ],
      [{ role: 'user', content: 'Three:\n{{q}}\n' }],
      [{ role: 'user', content: '{{q}}!' }],
    ]);
    expect(new Set(sets.map(({ cases }) => cases)).size).toBe(1);
    expect(notes).toEqual([{ kind: 'several-prompts', detail: '4', places: [{ in: 'file' }], count: 1 }]);
  });

  it('lets tests name their prompts', async () => {
    const { sets } = await yaml(`
prompts: [{ label: a, raw: 'A {{q}}' }, { label: b, raw: 'B {{q}}' }]
tests: [{ vars: { q: x }, prompts: [b] }, { vars: { q: y }, prompts: a }]
`);
    expect(sets).toHaveLength(1);
    expect(sets[0].prompt).toEqual([]);
    expect(sets[0].cases.map(({ turns }) => turns?.[0]?.content)).toEqual(['B {{q}}', 'A {{q}}']);
  });

  it('makes a case of each combination of values', async () => {
    const { sets, notes } = await yaml(`
prompts: ['{{a}}{{b}}{{c}}']
tests:
  - vars: { a: [x, y], b: [1, 2], c: [p, q] }
  - vars: { a: [x, y], b: z, c: w }
    options: { disableVarExpansion: true }
`);
    const [first, , , last, whole] = sets[0].cases;
    expect(sets[0].cases).toHaveLength(5);
    expect([first, last, whole].map((each) => each?.variables)).toEqual([
      { a: 'x', b: '[1,2]', c: 'p' },
      { a: 'y', b: '[1,2]', c: 'q' },
      { a: '["x","y"]', b: 'z', c: 'w' },
    ]);
    expect(notes.map(({ kind }) => kind)).toEqual(['variable-structured', 'combinations', 'variable-structured']);
  });

  it('puts default checks that ask for variables into each case', async () => {
    const { sets, notes } = await yaml(`
prompts: ['{{q}}']
defaultTest: { assert: [{ type: contains, value: '{{answer}}' }, { type: is-json }] }
tests:
  - { vars: { q: a, answer: b } }
  - { vars: { q: c } }
  - { vars: { q: d, answer: e }, options: { disableDefaultAsserts: true } }
`);
    expect(sets[0].checks).toEqual([]);
    expect(sets[0].cases.map(({ checks }) => checks)).toEqual([
      [{ kind: 'contains', value: 'b' }, { kind: 'is-json' }],
      [{ kind: 'is-json' }],
      [],
    ]);
    expect(notes.map(({ kind, places }) => [kind, places])).toEqual([
      ['check-template', [{ in: 'default-test', check: 1 }]],
    ]);
  });

  it.each([
    ['prompts: [file://p.txt]\ntests: [{vars: {q: a}}]', ['file-reference: file://p.txt', 'no-prompt']],
    ['prompts: prompts/*.txt\ntests: [{vars: {q: a}}]', ['file-reference: prompts/*.txt', 'no-prompt']],
    ['prompts: {p.txt: one}\ntests: [{vars: {q: a}}]', ['file-reference: p.txt', 'no-prompt']],
    [
      "prompts: ['{{q}}']\ntests: [file://t.csv, {vars: {q: a}}, {path: file://t.py}, {vars: file://v.yaml, assert: []}, 7]",
      [
        'file-reference: file://t.csv',
        'file-reference: file://t.py',
        'entry-unreadable',
        'file-reference: "file://v.yaml"',
      ],
    ],
    [
      "prompts: ['{{q | upper}}{% if q %}']\nscenarios: []\ntests: [{vars: {q: a}}]",
      ['scenarios-ignored', 'template-syntax: {{q | upper}}', 'template-syntax: {% if q %}'],
    ],
    [
      'prompts: [\'{{q}}\', \'[{"role":"tool","content":"x"}]\']\ntests: [{vars: {q: a}}]',
      ['prompt-unreadable: [{"role":"tool","content":"x"}]'],
    ],
    [
      "prompts: ['{{q}}']\ndefaultTest: {options: {transform: 'output.trim()', provider: x, prefix: p}}\ntests: [{vars: {q: a}, assert: [{type: equals, value: b}]}]",
      ['field-ignored: options.provider', 'affix-ignored: prefix: p', 'check-transformed'],
    ],
    [
      "prompts: ['{{q}}']\ntests: [{vars: {q: a}, assert: [{type: assert-set, threshold: 0.5, assert: []}, {type: equals, value: b, transform: t}, {type: llm-rubric, value: c, threshold: 0.7, provider: p}, {value: x}, {$ref: '#/x'}, text]}]",
      [
        'check-group: assert-set',
        'check-transformed: equals',
        'field-ignored: assert.provider',
        'threshold-ignored',
        'check-unreadable: {"value":"x"}',
        'check-unreadable: {"$ref":"#/x"}',
        'check-unreadable: "text"',
      ],
    ],
    ["prompts: ['{{q}}']\ntests: [{vars: {q: a}, prompts: [x]}, {vars: {q: b}}]", ['prompt-unreadable: x']],
  ])('tells what it does not do: %s', async (text, notes) => {
    expect(await kindsOf(text)).toEqual(notes);
  });

  it('has groups of which all must pass', async () => {
    const { sets } = await yaml(
      "prompts: ['{{q}}']\ntests: [{vars: {q: a}, assert: [{type: assert-set, assert: [{type: is-json}, {type: is-refusal}]}]}]",
    );
    expect(sets[0].cases[0]?.checks).toEqual([{ kind: 'is-json' }, { kind: 'refusal' }]);
  });

  it('may be JSON, and may use anchors and merge keys', async () => {
    const json = await readSet('c.json', '{"prompts":["Q {{q}}"],"tests":[{"vars":{"q":"a"}}]}');
    expect(json.sets[0].prompt).toEqual([{ role: 'user', content: 'Q {{q}}' }]);
    const { sets } = await yaml(`
prompts: ['{{q}}{{r}}']
tests:
  - vars: &base { q: a, r: b }
  - vars: { <<: *base, r: c }
`);
    expect(sets[0].cases.map(({ variables }) => variables)).toEqual([
      { q: 'a', r: 'b' },
      { q: 'a', r: 'c' },
    ]);
  });
});
