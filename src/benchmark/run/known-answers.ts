import type { KnownAnswer } from '../../shared/protocol/benchmark';

const question = (content: string): KnownAnswer['turns'] => [{ role: 'user', content }];

/** Trained here: its greedy answers are known to the letter. */
const guide: KnownAnswer = {
  id: 'guide-what-is-sotto',
  turns: question('What is Sotto?'),
  maxTokens: 32,
  begins:
    'Sotto is a web app that runs small language models on your own device, inside the browser. There is no server behind it, so your chats stay private, and it works offline.',
};

/** For every other model: hard to get wrong, and impossible to guess for a device that computes nonsense. */
const capital: KnownAnswer = {
  id: 'capital-of-france',
  turns: question('What is the capital of France? Answer with the name of the city only.'),
  // Some models think aloud before they answer.
  maxTokens: 160,
  contains: 'paris|巴黎',
};

export const knownAnswerOf = (modelId: string): KnownAnswer => (modelId === 'guide' ? guide : capital);
