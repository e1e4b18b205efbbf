import { describe, expect, it } from 'vitest';
import { FailureError, type Failure } from '../../src/shared/protocol/failure';
import type { GenerationRequest } from '../../src/shared/protocol/engine';
import type { ServerKind } from '../../src/shared/domain/server';
import { AnswerStream } from '../../workers/server/answer-stream';
import { chatBody } from '../../workers/server/chat-body';
import { errorWords, failureOfAnswer } from '../../workers/server/server-failures';

function newAnswer(model = 'small') {
  const pieces: string[] = [];
  const sink = { token: (text: string) => void pieces.push(text), prefillProgress: () => undefined };
  const answer = new AnswerStream({ model }, sink, 'localhost:1234');
  const take = (...chunks: readonly unknown[]): void => {
    for (const chunk of chunks) answer.take(JSON.stringify(chunk));
  };
  return { answer, take, pieces, text: () => pieces.join('') };
}

const delta = (fields: unknown, reason: string | null = null) => ({
  model: 'small',
  choices: [{ index: 0, delta: fields, finish_reason: reason }],
});

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('an answer', () => {
  it('is the text of its chunks, with why it ended and the counts of the chunk without choices', () => {
    const { answer, take, text } = newAnswer();
    take(delta({ role: 'assistant', content: null }), delta({ content: 'Hel' }), delta({ content: 'lo' }));
    expect(answer.isWhole).toBe(false);
    take(delta({}, 'length'), {
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
    });
    expect(text()).toBe('Hello');
    expect(answer.result()).toEqual({
      finishReason: 'length',
      promptTokens: 6,
      reusedTokens: 4,
      completionTokens: 2,
      server: { countsTokens: true },
    });
  });

  it.each(['reasoning_content', 'reasoning', 'thinking'])('has the thought of %s between marks', (field) => {
    const { answer, take, text } = newAnswer();
    take(delta({ [field]: 'Hm' }), delta({ [field]: ', well' }), delta({ content: 'Yes' }), delta({}, 'stop'));
    answer.result();
    expect(text()).toBe('<think>\nHm, well\n</think>\n\nYes');
  });

  it('closes a thought that is all there is, when it ends and when it is stopped', () => {
    const ended = newAnswer();
    ended.take(delta({ reasoning_content: 'Hm' }), delta({}, 'length'));
    ended.answer.result();
    const stopped = newAnswer();
    stopped.take(delta({ reasoning_content: 'Hm' }));
    expect(stopped.answer.stopped()).toMatchObject({ finishReason: 'cancelled', server: { countsTokens: false } });
    for (const { text } of [ended, stopped]) expect(text()).toBe('<think>\nHm\n</think>\n\n');
  });

  it('takes no marks of ours for tokens where the server counts none', () => {
    const { answer, take, pieces } = newAnswer();
    take(delta({ reasoning: 'Hm' }), delta({ content: 'Yes' }), delta({}, 'stop'));
    answer.result();
    expect(pieces).toHaveLength(2);
  });

  it('has the figures of llama-server: what was read, what was known, and how long both took', () => {
    const { answer, take } = newAnswer();
    take(delta({ content: 'a' }), delta({}, 'stop'), {
      choices: [],
      usage: { prompt_tokens: 30, completion_tokens: 9 },
      timings: { cache_n: 20, prompt_n: 10, prompt_ms: 12.5, predicted_n: 9, predicted_ms: 80 },
    });
    expect(answer.result()).toMatchObject({
      promptTokens: 10,
      reusedTokens: 20,
      completionTokens: 9,
      server: { countsTokens: true, promptMs: 12.5, answerMs: 80 },
    });
    const without = newAnswer();
    without.take(delta({ content: 'a' }), {
      ...delta({}, 'stop'),
      timings: { cache_n: 0, prompt_n: 10, prompt_ms: 12.5, predicted_n: 9, predicted_ms: 80 },
    });
    expect(without.answer.result(), 'older ones tell nothing else').toMatchObject({
      promptTokens: 10,
      completionTokens: 9,
      server: { countsTokens: true },
    });
  });

  it('believes no count that cannot be one', () => {
    const { answer, take } = newAnswer();
    take(delta({ content: 'a' }), delta({}, 'stop'), {
      usage: { prompt_tokens: -3, completion_tokens: 'many' },
      timings: { prompt_ms: -1, predicted_ms: 'soon' },
    });
    expect(answer.result()).toEqual({
      finishReason: 'stop',
      promptTokens: 0,
      reusedTokens: 0,
      server: { countsTokens: false },
    });
    const cached = newAnswer();
    cached.take(delta({ content: 'a' }), delta({}, 'stop'), {
      usage: { prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 900 } },
    });
    expect(cached.answer.result()).toMatchObject({ promptTokens: 0, reusedTokens: 3 });
  });

  it('says which other model has answered', () => {
    const { answer, take } = newAnswer('large');
    take(delta({ content: 'a' }), delta({}, 'stop'));
    expect(answer.result().server).toEqual({ countsTokens: false, otherModel: 'small' });
  });

  it('that never came to its end has broken off', () => {
    const { answer, take } = newAnswer();
    take(delta({ content: 'a' }));
    expect(failureOf(() => answer.result())).toMatchObject({ kind: 'server-broke-off', subject: 'localhost:1234' });
  });

  it('is not broken by fields that say that there is nothing', () => {
    const { answer, take, text } = newAnswer();
    take(
      { ...delta({ content: 'a', reasoning_content: null }), error: null, usage: null, timings: null },
      { choices: [{ delta: null, finish_reason: null }] },
      { choices: null },
      {},
      delta({ content: '' }, 'stop'),
    );
    expect(answer.result().finishReason).toBe('stop');
    expect(text()).toBe('a');
  });

  it.each([
    [{ error: { code: 500, message: 'out of memory' } }, 'server-error', 'out of memory'],
    [{ error: 'out of memory' }, 'server-error', 'out of memory'],
    [{ error: { message: 'The context length was exceeded' } }, 'context-exceeded', 'The context length was exceeded'],
    [{ error: { code: 429, message: 'slow down' } }, 'server-busy', 'slow down'],
    [{ error: { code: 401, message: 'no' } }, 'server-key', 'no'],
  ] as const)('with the error %j in its middle fails as %s', (chunk, kind, technical) => {
    const { take } = newAnswer();
    take(delta({ content: 'a' }));
    expect(failureOf(() => take(chunk))).toMatchObject({ kind, technical });
  });

  it.each(['<!doctype html>', '[1,2]', '"text"', '{"choices":[', 'null'])('has no chunk like %s', (data) => {
    const { answer } = newAnswer();
    expect(failureOf(() => answer.take(data))).toMatchObject({ kind: 'server-not-understood' });
  });
});

describe('a refusal', () => {
  const refusal = (status: number, body: unknown, headers: Record<string, string> = {}): Promise<Failure> =>
    failureOfAnswer(
      new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }),
      'localhost:1234',
    );

  it.each([
    [404, { error: { message: "model 'x' not found", type: 'not_found_error' } }, 'server-lacks-model'],
    [404, { error: { message: 'The model `x` does not exist.', code: 404 } }, 'server-lacks-model'],
    [404, { error: { message: 'Invalid model identifier "x".', code: 'model_not_found' } }, 'server-lacks-model'],
    [400, { error: { message: 'Invalid model identifier "x".', code: 'model_not_found' } }, 'server-lacks-model'],
    [404, { error: { message: 'No running session found for model_id: x' } }, 'server-lacks-model'],
    [400, { error: "model 'x' not found, try pulling it first" }, 'server-lacks-model'],
    // A server that has no such path is none of these servers, or its address is another one.
    [404, { detail: 'Not Found' }, 'server-not-understood'],
    [404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }, 'server-not-understood'],
    [404, '404 page not found', 'server-not-understood'],
    [405, { detail: 'Method Not Allowed' }, 'server-not-understood'],
    [404, '<html><title>404 Not Found</title></html>', 'server-not-understood'],
    [401, { error: 'Unauthorized' }, 'server-key'],
    [403, { error: { message: 'no' } }, 'server-key'],
    [429, { error: { message: 'Too many requests' } }, 'server-busy'],
    [500, { error: { message: 'the runner process has terminated' } }, 'server-error'],
    [503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 'server-error'],
    [502, '<html>Bad Gateway</html>', 'server-error'],
    [400, { error: { message: "Unsupported value: 'temperature'" } }, 'server-error'],
  ])('%i %j is %s', async (status, body, kind) => {
    expect(await refusal(status, body)).toMatchObject({ kind, subject: 'localhost:1234' });
  });

  it.each([
    [
      {
        error: {
          message: 'request (900 tokens) exceeds the available context size (512 tokens), try increasing it',
          n_prompt_tokens: 900,
          n_ctx: 512,
        },
      },
      { promptTokens: 900, contextTokens: 512 },
    ],
    [
      {
        error: {
          message: "This model's maximum context length is 512 tokens. However, your request has 900 input tokens.",
        },
      },
      { promptTokens: 900, contextTokens: 512 },
    ],
    [
      {
        object: 'error',
        message:
          "This model's maximum context length is 512 tokens. However, you requested 964 tokens (900 in the messages, 64 in the completion).",
      },
      { promptTokens: 900, contextTokens: 512 },
    ],
    [
      {
        error: {
          message:
            "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 4096 tokens and your request has 12 input tokens (4096 > 4096 - 12).",
        },
      },
      { promptTokens: 12, contextTokens: 4096 },
    ],
    [
      {
        error:
          'Trying to keep the first 900 tokens when context the overflows. However, the model is loaded with context length of only 512 tokens, which is not enough.',
      },
      { promptTokens: 900, contextTokens: 512 },
    ],
    [{ error: { message: 'the prompt is too long' } }, undefined],
  ])('400 %j says that the prompt does not fit, with its numbers', async (body, numbers) => {
    const failure = await refusal(400, body);
    expect(failure.kind).toBe('context-exceeded');
    expect(failure.numbers).toEqual(numbers);
  });

  it('tells when to ask again, in seconds or as a date', async () => {
    const inSeconds = await refusal(429, {}, { 'Retry-After': '90' });
    expect(Math.abs((inSeconds.numbers?.['retryAt'] ?? 0) - Date.now() - 90_000)).toBeLessThan(1000);
    const date = await refusal(503, {}, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect(date.numbers?.['retryAt']).toBe(Date.UTC(2026, 9, 21, 7, 28));
    for (const nonsense of ['', 'soon', '-5', '1e400', '99999999999999'])
      expect((await refusal(429, {}, { 'Retry-After': nonsense })).numbers, nonsense).toBeUndefined();
  });

  it('is told in the words of the server, cut to what can be read', () => {
    expect(errorWords(JSON.stringify({ error: { message: 'a' } }))).toBe('a');
    expect(errorWords(JSON.stringify({ error: 'b' }))).toBe('b');
    expect(errorWords(JSON.stringify({ message: 'c' }))).toBe('c');
    expect(errorWords(JSON.stringify({ detail: 'd' }))).toBe('d');
    expect(errorWords(JSON.stringify('e'))).toBe('e');
    expect(errorWords('<html>f</html>')).toBe('<html>f</html>');
    expect(errorWords('g'.repeat(10_000)).length).toBe(500);
  });

  it('without an end is read no further than its beginning', async () => {
    let canceled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(60_000))),
      cancel: () => void (canceled = true),
    });
    expect(await failureOfAnswer(new Response(body, { status: 500 }), 'here')).toMatchObject({ kind: 'server-error' });
    expect(canceled).toBe(true);
  });
});

describe('the body of a request', () => {
  const asked: Pick<GenerationRequest, 'turns' | 'sampling' | 'thinking' | 'reuseCache'> = {
    turns: [{ role: 'user', content: 'Hi' }],
    sampling: {
      temperature: 0.5,
      topP: 0.9,
      topK: 20,
      minP: 0.1,
      repeatPenalty: 1.1,
      seed: 7,
      maxTokens: 64,
      stop: ['\n'],
    },
  };
  const bodyFor = (kind: ServerKind, more: Partial<typeof asked> = {}) =>
    chatBody({ kind, model: 'small' }, { ...asked, ...more });
  const standard = {
    model: 'small',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    max_tokens: 64,
    stop: ['\n'],
  };

  it.each([
    ['ollama', {}],
    ['other', {}],
    ['lm-studio', { top_k: 20, min_p: 0.1, repeat_penalty: 1.1 }],
    ['llama-server', { top_k: 20, min_p: 0.1, repeat_penalty: 1.1, cache_prompt: true }],
    ['jan', { top_k: 20, min_p: 0.1, repeat_penalty: 1.1, cache_prompt: true }],
    ['vllm', { top_k: 20, min_p: 0.1, repetition_penalty: 1.1 }],
  ] as const)('for %s has the fields of the standard and those that it knows, and no other', (kind, own) => {
    expect(bodyFor(kind)).toEqual({ ...standard, ...own });
  });

  it('switches thinking off in each one’s words, and leaves it alone unless told', () => {
    expect(bodyFor('ollama', { thinking: 'off' })).toMatchObject({ reasoning_effort: 'none' });
    for (const kind of ['llama-server', 'jan', 'vllm'] as const) {
      expect(bodyFor(kind, { thinking: 'off' })).toMatchObject({ chat_template_kwargs: { enable_thinking: false } });
      expect(bodyFor(kind)).not.toHaveProperty('chat_template_kwargs');
    }
    expect(bodyFor('other', { thinking: 'off' })).toEqual(standard);
  });

  it('asks for JSON of a schema, or for any JSON', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    const sampling = { ...asked.sampling, jsonSchema: JSON.stringify(schema) };
    expect(bodyFor('other', { sampling })).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { strict: true, schema } },
    });
    expect(bodyFor('other', { sampling: { jsonSchema: ' ' } })).toMatchObject({
      response_format: { type: 'json_object' },
    });
  });

  it('goes on with an answer, which vLLM has to be told, and has the prompt read anew where that is measured', () => {
    const turns = [...asked.turns, { role: 'assistant' as const, content: 'Hel' }];
    expect(bodyFor('vllm', { turns })).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
    expect(bodyFor('llama-server', { reuseCache: false })).toMatchObject({ cache_prompt: false });
    expect(bodyFor('ollama', { reuseCache: false })).not.toHaveProperty('cache_prompt');
  });
});
