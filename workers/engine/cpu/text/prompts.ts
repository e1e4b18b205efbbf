/** thin path: replaced by the text branch */
import { Template } from '@huggingface/jinja';
import type { ChatTurn, GenerationRequest } from '../../../../src/contracts/engine';
import type { Metadata } from '../../../gguf/gguf-header';
import type { CpuTokenizer } from './tokenizer';

export class Prompts {
  readonly #template: Template;
  constructor(
    metadata: Metadata,
    private readonly tokenizer: CpuTokenizer,
  ) {
    this.#template = new Template(String(metadata.get('tokenizer.chat_template')));
  }

  of({ turns, thinking }: Pick<GenerationRequest, 'turns' | 'thinking'>): {
    readonly tokens: readonly number[];
    readonly opening: string;
  } {
    const last = turns.at(-1);
    const continued = last?.role === 'assistant' ? last.content : '';
    const text = this.#template.render({
      messages: (last?.role === 'assistant' ? turns.slice(0, -1) : turns) as never,
      add_generation_prompt: true,
      ...(thinking && { enable_thinking: thinking === 'on' }),
    });
    return { tokens: this.tokenizer.encode(text + continued, true), opening: '' };
  }

  tokensOf(turns: readonly ChatTurn[]): readonly number[] {
    return this.of({ turns }).tokens;
  }
}
