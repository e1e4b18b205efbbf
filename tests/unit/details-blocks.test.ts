/** Thoughts and tool calls that Open WebUI writes into its answers as HTML. */
import { describe, expect, it } from 'vitest';
import { withoutDetails } from '../../workers/chat-files/details-blocks';

const reasoning = (words: string, more = ''): string =>
  `<details type="reasoning" done="true" duration="4"${more}>\n<summary>Thought for 4 seconds</summary>\n${words
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}\n</details>\n`;
const call =
  '<details type="tool_calls" done="true" id="c1" name="search" arguments="&quot;{\\&quot;q\\&quot;}&quot;" ';
const toolCall = `${call}result="&quot;a &lt;b&gt; c&quot;" files="" embeds="">\n<summary>Tool Executed</summary>\n</details>\n`;
const pendingCall = `${call}>\n<summary>Executing...</summary>\n</details>\n`;
const code = (source: string): string =>
  `<details type="code_interpreter" done="true" output="{&quot;stdout&quot;: &quot;4&quot;}">\n<summary>Analyzed</summary>\n\`\`\`python\n${source}\n\`\`\`\n</details>\n`;

describe('blocks of Open WebUI in an answer', () => {
  it.each<readonly [string, string, { text: string; thoughts?: string[]; leftOut?: string[]; ms?: number }]>([
    ['no block', 'Hello **there**.', { text: 'Hello **there**.' }],
    [
      'a thought, then the answer',
      `${reasoning('First.\nSecond.')}It is **four**.`,
      { text: 'It is **four**.', thoughts: ['First.\nSecond.'], ms: 4000 },
    ],
    [
      'two thoughts with a tool between them',
      `${reasoning('One.')}${toolCall}${reasoning('Two.')}- a\n- b`,
      { text: '- a\n- b', thoughts: ['One.', 'Two.'], leftOut: ['tool-call', 'tool-result'], ms: 8000 },
    ],
    [
      'a thought after a sentence, on its own line',
      `Let me see.\n${reasoning('Hm.')}**Four**, of course.`,
      { text: 'Let me see.\n\n**Four**, of course.', thoughts: ['Hm.'], ms: 4000 },
    ],
    [
      'a thought after a sentence, on the same line',
      `Let me see. ${reasoning('Hm.')}**Four**.`,
      { text: 'Let me see.\n\n**Four**.', thoughts: ['Hm.'], ms: 4000 },
    ],
    ['a call that was never answered', `Wait.\n${pendingCall}`, { text: 'Wait.', leftOut: ['tool-call'] }],
    [
      'code that was run, with the end of a block in it',
      `Now:\n${code('print("</details>")')}# Result\n\n4`,
      { text: 'Now:\n\n# Result\n\n4', leftOut: ['tool-call', 'tool-result'] },
    ],
    [
      'a block in a block',
      `<details type="reasoning" done="true">\n<summary>Thinking</summary>\n> a\n<details><summary>s</summary>inner</details>\n> b\n</details>\nAfter.`,
      { text: 'After.', thoughts: ['a\n<details><summary>s</summary>inner</details>\nb'] },
    ],
    [
      'a thought that is escaped',
      reasoning('x').replace('> x', '&gt; 1 &lt; 2 &amp;&amp; &quot;y&quot; &#x27;z&#x27; &amp;lt;'),
      { text: '', thoughts: ['1 < 2 && "y" \'z\' &lt;'], ms: 4000 },
    ],
    [
      'attributes in any order, with quotes of either kind and a ">" in one',
      `<details done='true' note="a > b" type='reasoning'>\n<summary>s</summary>\n> t\n</details>\nEnd.`,
      { text: 'End.', thoughts: ['t'] },
    ],
    [
      'a thought that was cut off',
      '<details type="reasoning" done="false">\n<summary>Thinking…</summary>\n> I was about to',
      { text: '', thoughts: ['I was about to'] },
    ],
    [
      'a block of a kind that is not known',
      'A.\n<details type="server_tool_use" x="1">\n<summary>s</summary>\n</details>\nB.',
      { text: 'A.\n\nB.', leftOut: ['unknown'] },
    ],
    [
      'a thought after the name of the element',
      `Use the <details element.\n${reasoning('Hm.')}Done.`,
      { text: 'Use the <details element.\n\nDone.', thoughts: ['Hm.'], ms: 4000 },
    ],
    [
      'a thought with a fence that does not end, and a fence in the answer',
      `${reasoning('```\nhalf')}\`\`\`\ncode\n\`\`\`\n${reasoning('more')}end`,
      { text: '```\ncode\n```\n\nend', thoughts: ['```\nhalf', 'more'], ms: 8000 },
    ],
  ])(
    'are taken out of its text and kept for what they are: %s',
    (_name, content, { text, thoughts = [], leftOut = [], ms }) => {
      expect(withoutDetails(content)).toEqual({
        text,
        thoughts,
        leftOut,
        ...(ms === undefined ? {} : { thinkingMs: ms }),
      });
    },
  );

  it.each([
    ['in a code block', `Open WebUI writes:\n\n\`\`\`html\n${reasoning('x')}\`\`\`\n\nas HTML.`],
    ['in a code block with tildes', `~~~~\n${reasoning('x')}~~~\n~~~~\n`],
    ['in a code block of a quotation', `> \`\`\`\n> <details type="reasoning">\n> \`\`\`\n`],
    ['in a code block that does not end', `\`\`\`\n${reasoning('x')}`],
    ['in a line as code', 'It is `<details type="reasoning">`, then `</details>`.'],
    ['without a type, as models write it', '<details>\n<summary>More</summary>\n\nHidden.\n\n</details>\n'],
    ['as a word', 'The <detailsx type="reasoning"> element'],
    ['as a tag that does not end', 'See <details type="reasoning'],
  ])('what stands %s is left alone', (_name, content) => {
    expect(withoutDetails(content)).toEqual({ text: content, thoughts: [], leftOut: [] });
  });

  it.each([
    ['openers', '<details type="reasoning">'],
    ['halves of tags', '<details a="'],
    ['code in one line', '`<details x> '],
    ['fences', '```\n<details type="code_interpreter">\n'],
    ['longer and longer fences', null],
    ['spaces before nothing', ' '],
  ])('a million characters of %s take no time', (_name, part) => {
    const text =
      part === null
        ? Array.from(
            { length: 1400 },
            (_, index) => `<details type="code_interpreter">\n${'`'.repeat(index + 3)}x\n`,
          ).join('')
        : part.repeat(1_000_000 / part.length);
    const before = performance.now();
    withoutDetails(text);
    expect(performance.now() - before).toBeLessThan(1500);
  });
});
