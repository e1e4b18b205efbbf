import { describe, expect, it } from 'vitest';
import { readSet, type ReadSetOptions } from '../../../workers/set-files/read-set';
import type { SetNoteKind } from '../../../src/shared/domain/lab/set-note';
import type { LabCase, PromptTurn } from '../../../src/shared/domain/lab/case-set';

const user = (content: string): PromptTurn => ({ role: 'user', content });

async function read(name: string, content: string | Uint8Array, options?: ReadSetOptions) {
  const { sets, notes } = await readSet(name, content, options);
  const [set] = sets;
  return { sets, set, cases: set.cases, notes, kinds: notes.map(({ kind }) => kind) };
}

const noted = (kind: SetNoteKind, detail: string | undefined, ...places: readonly unknown[]): unknown => ({
  kind,
  ...(detail !== undefined && { detail }),
  places,
  count: places.length,
});

const variables = (cases: readonly LabCase[]): unknown => cases.map((each) => each.variables);

describe('CSV', () => {
  it('has a variable in each column and checks where promptfoo has them', async () => {
    const { set, notes } = await read(
      'translations.csv',
      [
        'language,body,style,__expected',
        'French,"Hello, world","{""tone"":""formal""}",icontains:bonjour',
        'Pirate,"I\'m hungry",,"contains-any:grub,victuals"',
        '',
      ].join('\n'),
    );
    expect(set).toMatchObject({ name: 'translations', prompt: [], checks: [] });
    expect(set.cases).toEqual([
      {
        id: 'c1',
        variables: { language: 'French', body: 'Hello, world', style: '{"tone":"formal"}' },
        checks: [{ kind: 'contains', value: 'bonjour', ignoresCase: true }],
      },
      {
        id: 'c2',
        variables: { language: 'Pirate', body: "I'm hungry", style: '' },
        checks: [{ kind: 'contains-any', values: ['grub', 'victuals'] }],
      },
    ]);
    expect(notes).toEqual([noted('no-prompt', undefined, { in: 'file' })]);
  });

  it('has several checks, metadata, and notes for what is not done, each with its place', async () => {
    const { cases, notes } = await read(
      'topics.csv',
      [
        'topic,__expected1,__expected2,__metadata:category,__metadata:tags[],__description,__metric,__threshold,__prefix,__provider',
        'tea,contains: leaf,llm-rubric:Is it about {{topic}}?,drinks,"hot,green",First,taste,0.5,Please: ,openai:gpt-4',
        'rain,factuality:It is wet,,weather,,,,,,',
        'snow,contains: {{ topic | upper }},,,,,,,,',
      ].join('\r\n'),
    );
    expect(cases).toEqual([
      {
        id: 'c1',
        variables: { topic: 'tea' },
        checks: [
          { kind: 'contains', value: 'leaf' },
          { kind: 'rubric', rubric: 'Is it about tea?' },
        ],
        category: 'drinks',
      },
      { id: 'c2', variables: { topic: 'rain' }, checks: [], category: 'weather' },
      { id: 'c3', variables: { topic: 'snow' }, checks: [] },
    ]);
    const inRow = (row: number, column: string): unknown => ({ in: 'row', row, column });
    expect(notes).toEqual([
      noted('metadata-ignored', '__metadata:tags[]', inRow(2, '__metadata:tags[]')),
      noted('field-ignored', '__description', inRow(2, '__description')),
      noted('field-ignored', '__metric', inRow(2, '__metric')),
      noted('threshold-ignored', '__threshold', inRow(2, '__threshold')),
      noted('affix-ignored', '__prefix', inRow(2, '__prefix')),
      noted('field-ignored', '__provider', inRow(2, '__provider')),
      noted('check-unsupported', 'factuality', inRow(3, '__expected1')),
      noted('check-template', 'contains: {{ topic | upper }}', inRow(4, '__expected1')),
      noted('prompt-from-variable', 'topic', { in: 'file' }),
    ]);
  });

  it('takes a threshold from a column of its own', async () => {
    const { cases } = await read(
      'a.csv',
      'q,__expected1,__expected2,__config:__expected2:threshold\nx,contains:a,similar:b,0.6\ny,contains:a,similar:b,\n',
    );
    expect(cases.map(({ checks }) => checks[1])).toEqual([
      { kind: 'similar', value: 'b', least: 0.6 },
      { kind: 'similar', value: 'b', least: 0.8 },
    ]);
  });

  it('has columns of ours: reference, category, prompt, turns', async () => {
    const turns = JSON.stringify([{ role: 'system', content: 'Be brief.' }, user('{{q}}!')]);
    const { set, kinds } = await read(
      'own.csv',
      `q,__reference,__category,__turns,__prompt\n1+1,2,sums,,What is {{q}}?\n2+2,4,sums,"${turns.replaceAll('"', '""')}",\n`,
    );
    expect(set.prompt).toEqual([user('What is {{q}}?')]);
    expect(set.cases[0]).toEqual({ id: 'c1', variables: { q: '1+1' }, checks: [], reference: '2', category: 'sums' });
    expect(set.cases[1]?.turns).toEqual([{ role: 'system', content: 'Be brief.' }, user('{{q}}!')]);
    expect(kinds).toEqual([]);
  });

  it('tells rows that contradict the prompt of the set', async () => {
    const { set, notes } = await read('own.csv', 'q,__prompt\na,One {{q}}\nb,Two {{q}}\nc,One {{q}}\n');
    expect(set.prompt).toEqual([user('One {{q}}')]);
    expect(notes).toEqual([noted('prompt-differs', 'Two {{q}}', { in: 'row', row: 3, column: '__prompt' })]);
  });

  it('keeps two columns of one name apart, and tells', async () => {
    const { cases, notes } = await read(
      'a.csv',
      'q,q,q_2,__expected,__expected,__category,__category\na,b,c,1,2,x,y\n',
    );
    expect(cases[0]).toMatchObject({
      variables: { q: 'a', q_3: 'b', q_2: 'c' },
      checks: [
        { kind: 'equals', value: '1' },
        { kind: 'equals', value: '2' },
      ],
      category: 'x',
    });
    expect(notes).toEqual([
      noted('column-duplicate', 'q_3', { in: 'column', column: 'q' }),
      noted('column-duplicate', '__category', { in: 'row', row: 2, column: '__category' }),
      noted('no-prompt', undefined, { in: 'file' }),
    ]);
  });

  it('tells rows that are too short or too long, columns without a name, and names that no prompt can use', async () => {
    const { cases, notes } = await read('a.csv', 'a b,,c\n1,,3\n1\n\n1,x,3,4\n');
    expect(variables(cases)).toEqual([{ 'a b': '1', c: '3' }, { 'a b': '1' }, { 'a b': '1', c: '3' }]);
    expect(notes).toEqual([
      noted('cells-missing', undefined, { in: 'row', row: 3 }),
      noted('cells-extra', undefined, { in: 'row', row: 5 }),
      noted('variable-name', 'a b', { in: 'column', column: 'a b' }),
      noted('column-unnamed', '', { in: 'row', row: 5, column: '' }),
      noted('no-prompt', undefined, { in: 'file' }),
    ]);
  });

  it('tells braces and files in values', async () => {
    const { cases, kinds } = await read('a.csv', 'q\n{{name}}\nfile://secret.txt\n{% raw %}{{x}}{% endraw %}\n');
    expect(variables(cases)).toEqual([{ q: '{{name}}' }, { q: '{{x}}' }]);
    expect(kinds).toEqual(['variable-nested', 'file-reference', 'entry-unreadable', 'prompt-from-variable']);
  });

  it.each([
    ['a byte order mark', '\ufeffq,__expected\na,b\n'],
    ['CRLF', 'q,__expected\r\na,b\r\n'],
    ['CR alone', 'q,__expected\ra,b\r'],
    ['blanks around names', ' q , __expected \na,b\n'],
  ])('is read with %s', async (_, text) => {
    const { cases } = await read('a.csv', new TextEncoder().encode(text));
    expect(cases).toEqual([{ id: 'c1', variables: { q: 'a' }, checks: [{ kind: 'equals', value: 'b' }] }]);
  });

  it.each([
    ['a.csv', 'q;__expected\na,b;c\n', ';'],
    ['a.tsv', 'q\t__expected\na,b\tc\n', '⇥'],
    ['', 'q\tr\na,b\tc\n', '⇥'],
  ])('%s may have other marks between columns: %j', async (name, text, mark) => {
    const { cases, notes } = await read(name, text);
    expect(cases[0]?.variables).toMatchObject({ q: 'a,b' });
    expect(notes[0]).toEqual(noted('delimiter', mark, { in: 'file' }));
  });

  it('keeps apostrophes of a file that is not ours', async () => {
    const { cases } = await read('a.csv', "q\n'=1+1\n'-2\n");
    expect(variables(cases)).toEqual([{ q: "'=1+1" }, { q: "'-2" }]);
  });

  it('has variables that are called like parts of every object, and changes none', async () => {
    const { cases } = await read('a.csv', 'constructor,prototype,toString\na,b,c\n');
    expect(Object.entries(cases[0]?.variables ?? {})).toEqual([
      ['constructor', 'a'],
      ['prototype', 'b'],
      ['toString', 'c'],
    ]);
    const json = await read('a.jsonl', '{"vars":{"__proto__":"x","constructor":{"prototype":{"polluted":1}}}}');
    expect(Object.keys(json.cases[0]?.variables ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(json.cases[0]?.variables)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});

describe('JSONL', () => {
  it('has tests of promptfoo', async () => {
    const { set, notes } = await read(
      'tests.jsonl',
      [
        '{"vars":{"x":5,"y":3},"assert":[{"type":"equals","value":"8"}],"metadata":{"category":"sums","level":1}}',
        '',
        '{"vars":{"x":10,"y":true},"assert":[{"type":"levenshtein","value":"a"}],"description":"second"}',
        'no JSON',
      ].join('\n'),
    );
    expect(set.cases).toEqual([
      { id: 'c1', variables: { x: '5', y: '3' }, checks: [{ kind: 'equals', value: '8' }], category: 'sums' },
      { id: 'c2', variables: { x: '10', y: 'true' }, checks: [{ kind: 'levenshtein', value: 'a', most: 5 }] },
    ]);
    expect(notes).toEqual([
      noted('entry-unreadable', undefined, { in: 'line', line: 4 }),
      noted('metadata-ignored', 'level', { in: 'test', test: 1 }),
      noted('field-ignored', 'description', { in: 'test', test: 3 }),
      noted('threshold-assumed', '5', { in: 'test', test: 3, check: 1 }),
      noted('no-prompt', undefined, { in: 'file' }),
    ]);
  });

  it('may have a column in each field', async () => {
    const { set, notes } = await read(
      'rows.jsonl',
      '{"q":"1+1","__expected":"number:2"}\n{"q":3,"__expected":"contains:3","more":["a"]}\n',
    );
    expect(set.cases).toEqual([
      { id: 'c1', variables: { q: '1+1' }, checks: [{ kind: 'number', value: 2 }] },
      { id: 'c2', variables: { q: '3', more: '["a"]' }, checks: [{ kind: 'contains', value: '3' }] },
    ]);
    expect(notes[0]).toEqual(noted('variable-structured', '["a"]', { in: 'line', line: 2, column: 'more' }));
  });

  it('has samples of OpenAI evals: one answer as Match, several as Includes', async () => {
    const { set, notes } = await read(
      'samples.jsonl',
      [
        '{"input":[{"role":"system","content":"Sum."},{"role":"user","content":"{{1}}+1="}],"ideal":"2"}',
        '{"input":"Name a color of the flag","ideal":["red","white"]}',
        '{"input":"Once upon","ideal":["a time"],"source":"tales"}',
        '{"input":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}],"ideal":"cat"}',
        '{"input":"Nothing","ideal":[]}',
      ].join('\n'),
    );
    expect(set.prompt).toEqual([]);
    expect(set.cases).toEqual([
      {
        id: 'c1',
        turns: [{ role: 'system', content: 'Sum.' }, user('{{message2}}')],
        variables: { message2: '{{1}}+1=' },
        checks: [{ kind: 'starts-with', value: '2' }],
        reference: '2',
      },
      {
        id: 'c2',
        turns: [user('Name a color of the flag')],
        variables: {},
        checks: [{ kind: 'contains-any', values: ['red', 'white'] }],
        reference: 'red',
      },
      {
        id: 'c3',
        turns: [user('Once upon')],
        variables: {},
        checks: [{ kind: 'starts-with', value: 'a time' }],
        reference: 'a time',
      },
      { id: 'c4', turns: [user('Nothing')], variables: {}, checks: [] },
    ]);
    const line = (number: number): unknown => ({ in: 'line', line: number });
    expect(notes).toEqual([
      noted('evals-match', undefined, line(1), line(3)),
      noted('evals-includes', undefined, line(2)),
      noted('field-ignored', 'source', line(3)),
      expect.objectContaining({ kind: 'prompt-unreadable', places: [line(4)] }),
      noted('check-unreadable', 'ideal', line(5)),
    ]);
  });

  it('of ours keeps ids, and gives a new one where an id stands twice or cannot be one', async () => {
    const line = (id: unknown): string => JSON.stringify({ id, variables: { q: 'a' }, checks: [] });
    const head = '{"format":"sotto-lab-set","version":1,"name":"N","prompt":[{"role":"user","content":"{{q}}"}]}';
    const { set, notes } = await read('x.jsonl', [head, ...['c2', 'c2', 'a:b', 7, 'z'].map(line)].join('\n'));
    expect(set.cases.map(({ id }) => id)).toEqual(['c2', 'c1', 'c3', 'c4', 'z']);
    expect(set.name).toBe('N');
    expect(notes).toEqual([noted('id-changed', 'c2', { in: 'file' }), noted('id-changed', 'a:b', { in: 'file' })]);
  });

  it('of ours tells what it does not know, and takes the usual settings for those that cannot be', async () => {
    const { set, notes } = await read(
      'x.jsonl',
      [
        '{"format":"sotto-lab-set","version":1,"name":"N","prompt":[],"checks":[{"kind":"telepathy"}],"settings":{"temperature":-1,"samples":3},"mood":1}',
        '{"id":"a","variables":{"q":1},"checks":[{"kind":"equals","value":"x","not":false}],"extra":1}',
        '{"id":"b"}',
      ].join('\n'),
    );
    expect(set.settings).toMatchObject({ temperature: 0, samples: 3 });
    expect(set.cases).toEqual([{ id: 'a', variables: { q: '1' }, checks: [] }]);
    expect(notes.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['field-ignored', 'mood'],
      ['check-unreadable', '{"kind":"telepathy"}'],
      ['field-ignored', 'extra'],
      ['variable-structured', 'q'],
      ['check-unreadable', '{"kind":"equals","value":"x","not":false}'],
      ['entry-unreadable', undefined],
    ]);
  });
});

describe('pasted text', () => {
  it('is one question a line', async () => {
    const { set, notes } = await read('', '  What is 1+1?\n\n{{x}}, and why?\r\nName a: b\n');
    expect(set.prompt).toEqual([user('{{question}}')]);
    expect(variables(set.cases)).toEqual([
      { question: 'What is 1+1?' },
      { question: '{{x}}, and why?' },
      { question: 'Name a: b' },
    ]);
    expect(notes).toEqual([]);
  });

  it('is told from the formats of files by what is in it, unless the person says otherwise', async () => {
    expect((await read('', '[{"vars":{"q":"a"}}]')).cases[0]?.variables).toEqual({ q: 'a' });
    expect((await read('', '{"vars":{"q":"a"}}\n{"vars":{"q":"b"}}')).cases).toHaveLength(2);
    expect((await read('', 'q,__expected\na,b\n')).cases[0]?.checks).toHaveLength(1);
    expect((await read('', 'tests:\n  - vars: {q: a}\n')).cases[0]?.variables).toEqual({ q: 'a' });
    expect((await read('', 'q,r\na,b\n')).cases).toHaveLength(2);
    expect((await read('', 'q,r\na,b\n', { format: 'csv' })).cases[0]?.variables).toEqual({ q: 'a', r: 'b' });
    expect((await read('a.json', '{"vars":{"q":"a"}}\n{"vars":{"q":"b"}}')).cases).toHaveLength(2);
  });
});
