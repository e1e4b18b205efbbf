import type { Message, UserMessage } from '../shared/domain/conversation';

/** What the Guide answers to what it does not know: one sentence in each of its languages, which it was trained to say. */
const declining = /I only know about Sotto|我只了解 Sotto/;

/** Whether the Guide has left a question to a larger model. @param guideId the Guide's model id */
export const guideDeclines = (message: Message, guideId: string): boolean =>
  message.role === 'assistant' &&
  message.modelId === guideId &&
  message.state === 'whole' &&
  declining.test(message.text);

export interface DeclinedQuestion {
  readonly question: UserMessage;
  readonly answerId: string;
  /** Nothing was said after it. */
  readonly isLast: boolean;
}

/** The last question of a branch that the Guide has left to a larger model, unless a larger one has answered since. */
export function declinedQuestion(path: readonly Message[], guideId: string): DeclinedQuestion | null {
  const index = path.findLastIndex((message) => guideDeclines(message, guideId));
  const answer = path[index];
  const question = path[index - 1];
  const rest = path.slice(index + 1);
  const isAnswered = rest.some((message) => message.role === 'assistant' && message.modelId !== guideId);
  if (!answer || question?.role !== 'user' || isAnswered) return null;
  return { question, answerId: answer.id, isLast: rest.length === 0 };
}
