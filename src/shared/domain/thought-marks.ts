/** How models mark what they think before they answer. */

/** What opens a thought, and what ends it. Only forms that models in use do write, by their templates or their makers' pages. */
export const thoughtMarks: readonly (readonly [opener: string, closer: string])[] = [
  // DeepSeek R1, Qwen3, SmolLM3, Granite and most others.
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  // EXAONE Deep.
  ['<thought>', '</thought>'],
  // What small models are taught in the usual courses on reinforcement learning.
  ['<reasoning>', '</reasoning>'],
  // Magistral and Ministral.
  ['[THINK]', '[/THINK]'],
  // Gemma 4.
  ['<|channel>thought', '<channel|>'],
  // Seed-OSS, Kimi, OpenThinker, Command A, Apertus.
  ['<seed:think>', '</seed:think>'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
  ['<|inner_prefix|>', '<|inner_suffix|>'],
];

/** What some of them put around the answer behind a thought. */
export const answerMarks: readonly (readonly [opener: string, closer: string])[] = [
  ['<answer>', '</answer>'],
  ['<response>', '</response>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
  ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
];
