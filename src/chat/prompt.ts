import type { Message } from '../contracts/conversation';
import type { ChatTurn } from '../contracts/engine';
import { splitThinking } from './thinking';

/**
 * The turns that an engine is given for a branch. Thoughts of earlier answers are left out, as the models' own templates do:
 * they cost context and were for their own question. Only an answer that is continued keeps its thoughts, since it goes on
 * where its text stops.
 */
export function turnsOf(branch: readonly Message[], continued = false): readonly ChatTurn[] {
  return branch
    .map((message, index): ChatTurn => {
      const whole = message.role === 'user' || (continued && index === branch.length - 1);
      return { role: message.role, content: whole ? message.text : splitThinking(message.text, false).answer };
    })
    .filter((turn, index) => turn.content.trim() !== '' || (continued && index === branch.length - 1));
}
