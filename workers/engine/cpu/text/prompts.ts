/** Conversations as the tokens of a prompt: the model's template, and its tokenizer. */
import type { ChatTurn, GenerationRequest } from '../../../../src/shared/protocol/engine';
import type { Breath } from '../breath';
import type { ChatTemplate } from './chat-template';
import type { CpuTokenizer } from './tokenizer';

export interface Prompt {
  readonly tokens: readonly number[];
  /** What the template has begun of the answer, and the answer therefore begins with (chat-template.ts). */
  readonly opening: string;
}

export class Prompts {
  constructor(
    private readonly template: ChatTemplate,
    private readonly tokenizer: CpuTokenizer,
    private readonly breath: Breath,
  ) {}

  /**
   * @returns null when the signal stopped it: a megabyte of text takes its time
   * @throws FailureError `request-invalid`
   */
  async of(
    { turns, thinking }: Pick<GenerationRequest, 'turns' | 'thinking'>,
    signal: AbortSignal,
  ): Promise<Prompt | null> {
    const { pieces, opening } = this.template.render(turns, thinking ? { thinking } : {});
    const { startToken } = this.tokenizer;
    const steps = this.tokenizer.encodePieces(pieces);
    for (;;) {
      const step = steps.next();
      if (step.done === true)
        return { tokens: startToken === null ? step.value : [startToken, ...step.value], opening };
      await this.breath.take();
      if (signal.aborted) return null;
    }
  }

  async tokensOf(turns: readonly ChatTurn[]): Promise<number> {
    return (await this.of({ turns }, new AbortController().signal))?.tokens.length ?? 0;
  }
}
