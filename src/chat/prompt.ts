import type { AttachmentId, AttachmentRef } from '../shared/domain/attachment';
import type { ContextTreatment, Message, UserMessage } from '../shared/domain/conversation';
import { cutText } from '../shared/domain/cut-text';
import type { ChatTurn } from '../shared/protocol/engine';
import type { TurnMedia } from '../shared/domain/senses';
import type { ModelDescriptor } from '../shared/domain/model';
import { withFiles } from './files/file-template';
import { splitThinking } from '../shared/domain/thinking';

export interface PromptParts {
  /** The texts of files, as far as they can still be read. */
  readonly fileTexts?: ReadonlyMap<AttachmentId, string>;
  /** A picture or sound, for a model that takes it; null where it is not shown to it. Absent: none is. */
  readonly media?: (file: AttachmentRef) => TurnMedia | null;
  /** Empty for none. */
  readonly systemPrompt?: string;
  /** Written by the model in the place of the first turns, which are not in the branch any more. */
  readonly summary?: string;
}

interface Question {
  readonly content: string;
  readonly media: readonly TurnMedia[];
}

function questionOf({ text, attachments = [] }: UserMessage, { fileTexts, media }: PromptParts): Question {
  const shown: TurnMedia[] = [];
  const told = attachments.filter((file) => {
    const seen = (file.picture ?? file.sound) && media?.(file);
    if (seen) shown.push(seen);
    return !seen;
  });
  const content = withFiles(
    text,
    told.map((file) => {
      const text = fileTexts?.get(file.id);
      return { ...file, text: text === undefined ? null : cutText(text, file.usedCharacters) };
    }),
  );
  return { content, media: shown };
}

/** A turn, and where in the branch the first of its messages stands. */
export interface PlacedTurn extends ChatTurn {
  readonly from: number;
}

/** Two turns of one side as one. */
function joined(turn: PlacedTurn, content: string, media: readonly TurnMedia[]): Omit<PlacedTurn, 'role' | 'from'> {
  const all = [...(turn.media ?? []), ...media];
  const words = [turn.content, content].filter((part) => part !== '').join('\n\n');
  return { content: words, ...(all.length > 0 && { media: all }) };
}

/**
 * What was said in a branch, side by side. Templates insist that the roles alternate, and WebLLM's separators rely on it; a
 * conversation need not: an answer may have been stopped before its first word, or have come in two parts. So what has no words is
 * left out, and neighbours of one side are one turn.
 */
export function placedTurns(
  branch: readonly Message[],
  continued = false,
  parts: PromptParts = {},
): readonly PlacedTurn[] {
  const turns: PlacedTurn[] = [];
  for (const [from, message] of branch.entries()) {
    const whole = continued && from === branch.length - 1;
    const { content, media } =
      message.role === 'user'
        ? questionOf(message, parts)
        : { content: whole ? message.text : splitThinking(message.text, false).answer, media: [] };
    if (content.trim() === '' && media.length === 0 && !whole) continue;
    const last = turns.at(-1);
    const { role } = message;
    if (last?.role === role) turns.splice(-1, 1, { ...last, ...joined(last, content, media) });
    else turns.push({ role, content, ...(media.length > 0 && { media }), from });
  }
  return turns;
}

/**
 * The turns that an engine is given for a branch. Thoughts of earlier answers are left out, as the models' own templates do:
 * they cost context and were for their own question. Only an answer that is continued keeps its thoughts, since it goes on
 * where its text stops.
 */
export function turnsOf(branch: readonly Message[], continued = false, parts: PromptParts = {}): readonly ChatTurn[] {
  const turns = placedTurns(branch, continued, parts).map(({ role, content, media }): ChatTurn => ({
    role,
    content,
    ...(media && { media }),
  }));
  // Imported conversations may begin with words of the model. No template that counts roles takes these for a turn.
  const opening = turns[0]?.role === 'assistant' && turns.length > 1 ? turns[0].content : undefined;
  const system = systemText(parts, opening);
  const said = opening === undefined ? turns : turns.slice(1);
  return system === '' ? said : [{ role: 'system', content: system }, ...said];
}

function lastQuestions(branch: readonly Message[], questions: number): readonly Message[] {
  const asked = branch.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  return questions === 0 ? [] : branch.slice(asked.at(-questions) ?? 0);
}

/** A branch without the questions that got no answer, but for the last: a model that recalls pairs can do nothing with them. */
function withoutUnanswered(branch: readonly Message[]): readonly Message[] {
  const last = branch.findLastIndex(({ role }) => role === 'user');
  const kept: Message[] = [];
  for (const [index, message] of branch.entries()) {
    const isEmpty = message.role === 'assistant' && splitThinking(message.text, false).answer.trim() === '';
    if (index < last && isEmpty && kept.at(-1)?.role === 'user') kept.pop();
    else kept.push(message);
  }
  return kept;
}

/** The last so many questions of a branch that were answered, and the last one, with what came after each. */
export const lastExchanges = (branch: readonly Message[], questions: number): readonly Message[] =>
  lastQuestions(withoutUnanswered(branch), questions);

/** What of a branch a model is shown for the answer at its end. */
export const shownTo = ({ recalledQuestions }: ModelDescriptor, branch: readonly Message[]): readonly Message[] =>
  recalledQuestions === undefined ? branch : lastExchanges(branch, recalledQuestions + 1);

/** In English whatever the conversation is in: models follow that best, and a summary in it keeps its own language. */
const summaryHeading = 'Summary of the earlier part of this conversation, which is no longer shown:';

const openingHeading = 'You began this conversation with these words:';

function systemText({ systemPrompt = '', summary }: PromptParts, opening?: string): string {
  const told = summary === undefined ? '' : `${summaryHeading}\n${summary.trim()}`;
  const begun = opening === undefined ? '' : `${openingHeading}\n${opening.trim()}`;
  return [systemPrompt.trim(), told, begun].filter(Boolean).join('\n\n');
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
