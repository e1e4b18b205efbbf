import { describe, expect, it } from 'vitest';
import { thinkingUnlessTold } from '../../workers/engine/llama-cpp/template-thinking';

describe('a chat template of which nobody has said whether to think', () => {
  it.each([
    [
      'Qwen3.5 0.8B and 2B do not think',
      "{%- if enable_thinking is defined and enable_thinking is true %}{{- '<think>\\n' }}{%- else %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
      'off',
    ],
    [
      'Qwen3 and the larger Qwen3.5 think',
      "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
      'on',
    ],
    ['one that writes "not"', '{% if enable_thinking is defined and not enable_thinking %}x{% endif %}', 'on'],
    ['one with a default', '{% set think = enable_thinking | default(false) %}', 'off'],
    ['one with another default', '{% set think = enable_thinking|default(True) %}', 'on'],
    [
      'one that sets it',
      '{%- if enable_thinking is not defined %}{%- set enable_thinking = true %}{%- endif %}{% if enable_thinking %}',
      'on',
    ],
    ['one that only asks', '{% if enable_thinking %}<think>{% endif %}', 'off'],
    ['one without the switch', "{{ '<think>\\n' }}", undefined],
    ['no template', null, undefined],
  ] as const)('%s', (_, template, thinking) => {
    expect(thinkingUnlessTold(template)).toBe(thinking);
  });
});
