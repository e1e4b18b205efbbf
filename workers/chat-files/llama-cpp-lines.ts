/** llama.cpp's newer export: a line for a session, then one for each of its messages; several sessions may follow. */
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { fromForeign } from './foreign-conversation';
import { llamaCppConversation } from './llama-cpp';
import type { LineReader, Reading } from './reading';

interface Session {
  readonly conv: Fields;
  readonly place: number;
  readonly messages: Fields[];
}

export class LlamaCppLines implements LineReader {
  #session: Session | null = null;

  async take(value: unknown, _text: string, place: number): Promise<readonly Reading[]> {
    if (!isFields(value)) return [{ broken: [{ place, problem: 'invalid' }] }];
    if (value['type'] === 'session') {
      const readings = await this.end();
      this.#session = { conv: value, place, messages: [] };
      return readings;
    }
    // Records of other types are not meant for other programs.
    if (value['type'] !== 'message') return [];
    if (!this.#session) return [{ broken: [{ place, problem: 'belongs-nowhere' }] }];
    if (!isFields(value['message'])) return [{ broken: [{ place, problem: 'invalid' }] }];
    this.#session.messages.push(value['message']);
    return [];
  }

  async end(): Promise<readonly Reading[]> {
    const session = this.#session;
    this.#session = null;
    if (!session) return [];
    const { conv, place, messages } = session;
    const conversation = await fromForeign(llamaCppConversation(conv, messages));
    if (conversation) return [{ conversations: [conversation] }];
    return [{ broken: [{ place, title: textIn(conv['name'], 200) ?? '', problem: 'no-messages' }] }];
  }
}
