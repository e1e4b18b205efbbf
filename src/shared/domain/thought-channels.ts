/**
 * The messages in an answer of gpt-oss. It writes several, each into a channel: `analysis` is thought, `final` is for the
 * person, `commentary` is too, unless it is addressed to a tool.
 */

export const channelOpeners = ['<|channel|>', '<|start|>assistant'] as const;

export interface ChannelMessage {
  readonly thought: boolean;
  readonly content: string;
  /** As it is written, its header included. */
  readonly source: string;
  readonly open: boolean;
}

const header =
  /\s*(?:<\|start\|>(?:assistant)?)?<\|channel\|>([a-z]*)((?:(?!<\|message\|>)[\s\S]){0,200})<\|message\|>/y;
const end = /<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)/g;

export const hasChannels = (text: string): boolean => channelOpeners.some((opener) => text.startsWith(opener));

const isThought = (channel: string, rest: string): boolean =>
  channel === 'analysis' || (channel === 'commentary' && /\bto=/.test(rest));

/** The header before the words for the person. */
export const finalHeader = (before: string): string =>
  `${before === '' ? '' : '<|start|>assistant'}<|channel|>final<|message|>`;

/** @param text begins with one of the openers */
export function channelMessages(text: string): readonly ChannelMessage[] {
  const messages: ChannelMessage[] = [];
  for (let at = 0; at < text.length;) {
    header.lastIndex = at;
    const begun = header.exec(text);
    if (!begun) {
      const rest = text.slice(at);
      if (rest.trim() === '') break;
      // A header that was cut off, or is still being written, says nothing yet.
      const isHeader = channelOpeners.some((opener) => {
        const words = rest.trimStart();
        return words.startsWith(opener) || opener.startsWith(words);
      });
      messages.push({ thought: isHeader, content: isHeader ? '' : rest, source: rest, open: true });
      break;
    }
    end.lastIndex = header.lastIndex;
    const ended = end.exec(text);
    const contentEnd = ended?.index ?? text.length;
    const next = ended ? end.lastIndex : text.length;
    messages.push({
      thought: isThought(begun[1] ?? '', begun[2] ?? ''),
      content: text.slice(header.lastIndex, contentEnd),
      source: text.slice(at, next),
      open: ended === null,
    });
    at = next;
  }
  return messages;
}
