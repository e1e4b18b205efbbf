/**
 * What WebLLM holds in its KV cache, and how to ask so that it goes on from there. It compares the history that it is given
 * with its own, letter by letter, and evaluates everything again where they differ.
 */
import type { ChatTurn } from '../../../src/shared/protocol/engine';
import type { ConversationTemplate } from '../../mlc/conversation-template';

export interface SentMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Takes the place of the role in the prompt. */
  readonly name?: string;
}

interface KeptTurn {
  readonly sent: SentMessage;
  /** The same message as the page knows it. */
  readonly shown: string;
}

export class CachedConversation {
  #turns: readonly KeptTurn[] = [];

  constructor(private readonly template: ConversationTemplate) {}

  /**
   * The messages for `turns`, which end with a question.
   * @returns reuses: whether only the question will be evaluated
   */
  messagesFor(turns: readonly ChatTurn[]): { readonly messages: readonly SentMessage[]; readonly reuses: boolean } {
    const question = turns.at(-1);
    if (question && this.#isNext(turns)) {
      const messages = this.#turns.map(({ sent }) => sent);
      return { messages: [...messages, this.#nextQuestion(question.content, messages)], reuses: true };
    }
    return { messages: turns.map((turn) => this.#escaped(turn)), reuses: false };
  }

  /**
   * After an answer that the model ended by itself: the cache holds all of it.
   * @param sent as it came from `messagesFor` @param raw the answer as WebLLM has it @param shown as it was given to the page
   */
  keep(turns: readonly ChatTurn[], sent: readonly SentMessage[], raw: string, shown: string): void {
    const asked = sent.map((message, index) => ({ sent: message, shown: turns[index]?.content ?? '' }));
    this.#turns = [...asked, { sent: { role: 'assistant', content: raw }, shown }];
  }

  /** The cache is empty, or holds what no history will be like. */
  forget(): void {
    this.#turns = [];
  }

  #isNext(turns: readonly ChatTurn[]): boolean {
    return (
      this.#turns.length > 0 &&
      turns.length === this.#turns.length + 1 &&
      // The page leaves out blanks before an answer.
      this.#turns.every(
        ({ sent, shown }, index) =>
          turns[index]?.role === sent.role && turns[index].content.trimStart() === shown.trimStart(),
      )
    );
  }

  /**
   * The token that ends an answer is not in the cache, and WebLLM leaves it out of the next prompt as well: the question would
   * follow the answer without a border. What belongs between them is put in front of the role.
   */
  #nextQuestion(content: string, before: readonly SentMessage[]): SentMessage {
    const { seps, roles } = this.template;
    const index = before.filter(({ role }) => role !== 'system').length - 1;
    const sep = seps[index % seps.length] ?? '';
    return { ...this.#escaped({ role: 'user', content }), ...(sep !== '' && { name: sep + roles.user }) };
  }

  /** WebLLM fills its templates with `String.replace`, to which a "$$" in a formula means "$", and "$&" the placeholder. */
  #escaped({ role, content }: ChatTurn): SentMessage {
    const filled = role === 'system' || this.template.roleTemplates?.[role] !== undefined;
    return { role, content: filled ? content.replaceAll('$', '$$$$') : content };
  }
}
