/**
 * A conversation in the form that the model was trained on: the GGUF's own chat template, rendered so that what people wrote
 * stays apart from what the template wrote. Only the template's control tokens count as such: a message that quotes
 * "<|im_end|>" must not end a turn.
 */
import type { ChatTurn } from '../../../../src/shared/protocol/engine';
import { failed, FailureError, failureFrom } from '../../../../src/shared/protocol/failure';
import { thoughtMarks } from '../../../../src/shared/domain/thought-marks';
import type { Metadata } from '../../../gguf/gguf-header';
import { type ParsedTemplate, parseTemplate, runTemplate, TemplateTooMuch } from './bounded-interpreter';
import { cutAtMarks, markFor, withMarks } from './control-marks';
import type { TextPiece } from './special-tokens';
import type { CpuTokenizer } from './tokenizer';

export interface RenderedPrompt {
  /** In order. The template's own text is `special`. */
  readonly pieces: readonly TextPiece[];
  /**
   * The opener of a thought that the template wrote at the end of the prompt, with the blanks behind it: the answer begins with
   * it, although the model does not say it. Empty where there is none, and for an answer that is continued.
   */
  readonly opening: string;
}

export interface RenderSettings {
  /** Absent leaves it to the template. */
  readonly thinking?: 'on' | 'off';
}

/** What a template has to know of the tokens. */
export type TemplateTokens = Pick<CpuTokenizer, 'startToken' | 'startText' | 'endText' | 'controlsIn'>;

/** What most models understand that bring no template. */
const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** What a template cannot do without is that it shows these. */
const plainest: readonly ChatTurn[] = [{ role: 'user', content: 'a' }];

export class ChatTemplate {
  readonly #parsed: ParsedTemplate;
  /** How the template takes messages. Asked once: templates refuse what they do not know, or leave it out without a word. */
  readonly #takes: Takes;

  private constructor(
    source: string,
    private readonly tokens: TemplateTokens,
  ) {
    try {
      this.#parsed = parseTemplate(source);
    } catch (error) {
      throw broken(error);
    }
    this.#takes = this.#asked();
  }

  /**
   * @throws FailureError `model-template-broken` for a template that cannot be read, or fails for the plainest conversation
   */
  static from(metadata: Metadata, tokens: TemplateTokens): ChatTemplate {
    const source = metadata.get('tokenizer.chat_template');
    const template = new ChatTemplate(typeof source === 'string' && source !== '' ? source : chatMl, tokens);
    try {
      template.#run(plainest, {});
    } catch (error) {
      throw broken(error);
    }
    return template;
  }

  /**
   * The prompt for an answer to `turns`. Where the last is an answer itself, the prompt ends with it, to be continued.
   * @throws FailureError `request-invalid` where the template refuses the conversation
   */
  render(turns: readonly ChatTurn[], settings: RenderSettings = {}): RenderedPrompt {
    const last = turns.at(-1);
    const cut = last?.role === 'assistant' ? last.content.toWellFormed() : undefined;
    const pieces = this.#pieces(cut === undefined ? turns : turns.slice(0, -1), settings);
    const opening = openerAtEnd(pieces);
    if (cut === undefined) return { pieces, opening };
    // The template's own "<think>" is part of the answer as the page knows it, unless its thoughts have been left out.
    const shared = opening !== '' && cut.startsWith(opening) ? opening : '';
    const before = shared === opening ? pieces : withoutEnd(pieces, opening.length);
    return { pieces: [...before, { text: cut.slice(shared.length), special: false }], opening: '' };
  }

  #pieces(turns: readonly ChatTurn[], settings: RenderSettings): readonly TextPiece[] {
    try {
      return this.#run(turns, settings);
    } catch (error) {
      throw new FailureError(failed('request-invalid', failureFrom(error).technical).failure);
    }
  }

  #run(turns: readonly ChatTurn[], settings: RenderSettings): readonly TextPiece[] {
    const told = this.#takes.system ? turns : systemInQuestion(turns);
    const mark = markFor(told.map(({ content }) => content));
    const messages = told.map(({ role, content }) => {
      // Half a surrogate pair, as a cut text may have at its end, is no text.
      const text = content.toWellFormed();
      const marked = withMarks(text, this.tokens.controlsIn(text), mark);
      return { role, content: this.#takes.texts ? marked : [{ type: 'text', text: marked }] };
    });
    return cutAtMarks(this.#raw(messages, settings), mark);
  }

  #raw(messages: readonly object[], { thinking }: RenderSettings): string {
    const { startToken, startText, endText } = this.tokens;
    const text = runTemplate(this.#parsed, {
      messages,
      add_generation_prompt: true,
      bos_token: startText,
      eos_token: endText,
      ...(thinking && { enable_thinking: thinking === 'on' }),
    });
    // The engine puts the start token before every prompt of models that want it; two would be one too many.
    return startToken !== null && text.startsWith(startText) ? text.slice(startText.length) : text;
  }

  #asked(): Takes {
    const shows = (messages: readonly object[], what: string): boolean => {
      try {
        return this.#raw(messages, {}).includes(what);
      } catch (error) {
        if (error instanceof TemplateTooMuch) throw broken(error);
        return false;
      }
    };
    const question = 'a question';
    const system = 'a system prompt';
    const asText = { role: 'user', content: question };
    const asParts = { role: 'user', content: [{ type: 'text', text: question }] };
    const texts = shows([asText], question) || !shows([asParts], question);
    const told = { role: 'system', content: texts ? system : [{ type: 'text', text: system }] };
    return { texts, system: shows([told, texts ? asText : asParts], system) };
  }
}

interface Takes {
  /** Messages as texts, and not as lists of parts. */
  readonly texts: boolean;
  /** Whether there is a role for a system prompt. */
  readonly system: boolean;
}

const broken = (error: unknown): FailureError =>
  new FailureError(failed('model-template-broken', failureFrom(error).technical).failure);

/** For templates that know no system prompt: it opens the first question. */
function systemInQuestion(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  const [first, second, ...rest] = turns;
  if (first?.role !== 'system') return turns;
  if (second?.role !== 'user') return turns.slice(1);
  return [{ role: 'user', content: `${first.content}\n${second.content}` }, ...rest];
}

const openers = thoughtMarks.map(([opener]) => opener);

function openerAtEnd(pieces: readonly TextPiece[]): string {
  const last = pieces.at(-1);
  if (!last?.special) return '';
  const end = last.text.trimEnd();
  const opener = openers.find((mark) => end.endsWith(mark));
  return opener === undefined ? '' : last.text.slice(end.length - opener.length);
}

function withoutEnd(pieces: readonly TextPiece[], length: number): readonly TextPiece[] {
  const last = pieces.at(-1);
  return last ? [...pieces.slice(0, -1), { ...last, text: last.text.slice(0, -length) }] : pieces;
}
