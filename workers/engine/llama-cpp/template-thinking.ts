/**
 * Whether a chat template thinks where nobody says: templates tell by how they ask for `enable_thinking`, which may be undefined
 * to them. llama.cpp never leaves it undefined: wllama turns it on. A model that is not made to think unless it is told to would
 * then think for ever.
 */

/** Each pattern holds for templates whose thought is the given one when the variable is undefined. The first that is found counts. */
const habits: readonly (readonly [RegExp, 'on' | 'off'])[] = [
  [/enable_thinking\s*\|\s*default\(\s*(true|True)/, 'on'],
  [/enable_thinking\s*\|\s*default\(\s*(false|False)/, 'off'],
  [/enable_thinking\s+is\s+(not\s+defined|undefined)\s*%}\s*{%-?\s*set\s+enable_thinking\s*=\s*(true|True)/, 'on'],
  [/enable_thinking\s+is\s+(not\s+defined|undefined)\s*%}\s*{%-?\s*set\s+enable_thinking\s*=\s*(false|False)/, 'off'],
  [/enable_thinking\s+is\s+defined\s+and\s+(not\s+enable_thinking|enable_thinking\s+(is|==)\s+(false|False))/, 'on'],
  [/enable_thinking\s+is\s+defined\s+and\s+enable_thinking\b/, 'off'],
  [/if\s+(not\s+)?enable_thinking\s*-?%}/, 'off'],
];

/** @returns undefined for a template without the switch, or one that asks for it in a way of its own */
export function thinkingUnlessTold(template: string | null): 'on' | 'off' | undefined {
  if (template === null || !template.includes('enable_thinking')) return undefined;
  return habits.find(([habit]) => habit.test(template))?.[1];
}
