import type { AttachmentId } from '../contracts/attachment';
import type { ContextTreatment, Message, UserMessage } from '../contracts/conversation';
import { cutText } from '../contracts/cut-text';
import type { ChatTurn } from '../contracts/engine';
import type { ModelDescriptor } from '../contracts/model';
import { withFiles } from './files/file-template';
import { splitThinking } from './thinking';

export interface PromptParts {
  /** The texts of files, as far as they can still be read. */
  readonly fileTexts?: ReadonlyMap<AttachmentId, string>;
  /** Empty for none. */
  readonly systemPrompt?: string;
  /** Written by the model in the place of the first turns, which are not in the branch any more. */
  readonly summary?: string;
}

function questionText({ text, attachments = [] }: UserMessage, fileTexts?: PromptParts['fileTexts']): string {
  return withFiles(
    text,
    attachments.map((file) => {
      const text = fileTexts?.get(file.id);
      return { ...file, text: text === undefined ? null : cutText(text, file.usedCharacters) };
    }),
  );
}

/**
 * The turns that an engine is given for a branch. Thoughts of earlier answers are left out, as the models' own templates do:
 * they cost context and were for their own question. Only an answer that is continued keeps its thoughts, since it goes on
 * where its text stops.
 */
export function turnsOf(branch: readonly Message[], continued = false, parts: PromptParts = {}): readonly ChatTurn[] {
  const turns = branch
    .map((message, index): ChatTurn => {
      if (message.role === 'user') return { role: 'user', content: questionText(message, parts.fileTexts) };
      const whole = continued && index === branch.length - 1;
      return { role: 'assistant', content: whole ? message.text : splitThinking(message.text, false).answer };
    })
    .filter((turn, index) => turn.content.trim() !== '' || (continued && index === branch.length - 1));
  const system = systemText(parts);
  return system === '' ? turns : [{ role: 'system', content: system }, ...turns];
}

/** The last so many questions of a branch, with what came after each. */
export function lastExchanges(branch: readonly Message[], questions: number): readonly Message[] {
  const asked = branch.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  return questions === 0 ? [] : branch.slice(asked.at(-questions) ?? 0);
}

/** What of a branch a model is shown for the answer at its end. */
export const shownTo = ({ recalledQuestions }: ModelDescriptor, branch: readonly Message[]): readonly Message[] =>
  recalledQuestions === undefined ? branch : lastExchanges(branch, recalledQuestions + 1);

/** In English whatever the conversation is in: models follow that best, and a summary in it keeps its own language. */
const summaryHeading = 'Summary of the earlier part of this conversation, which is no longer shown:';

function systemText({ systemPrompt = '', summary }: PromptParts): string {
  const told = summary === undefined ? '' : `${summaryHeading}\n${summary.trim()}`;
  return [systemPrompt.trim(), told].filter(Boolean).join('\n\n');
}

/** What was done for the last answer that this policy had to be applied for; the next ones go on from there. */
export function lastTreatment<Kind extends ContextTreatment['kind']>(
  branch: readonly Message[],
  kind: Kind,
): Extract<ContextTreatment, { kind: Kind }> | null {
  for (const message of branch.toReversed()) {
    const context = message.role === 'assistant' ? message.context : undefined;
    if (context?.kind === kind) return context as Extract<ContextTreatment, { kind: Kind }>;
  }
  return null;
}
