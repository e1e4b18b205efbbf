// `node native-server.mjs FOLDER`: llama.cpp with the Guide behind the routes of llama-server, on a free port that it prints.
// Only what Sotto asks for: one answer at a time, greedy, streamed. FOLDER has node-llama-cpp in its node_modules.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Template } from '@huggingface/jinja';

const [folder] = process.argv.slice(2);
const entry = join(folder, 'node_modules/node-llama-cpp/dist/index.js');
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry).href);

const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: 'public/models/guide.gguf' });
// One thread: of several, each waits for the others by spinning, and on a busy machine all stand still.
const context = await model.createContext({ contextSize: model.trainContextSize, threads: 1 });
const template = new Template(model.fileInfo.metadata.tokenizer.chat_template);

/** The tokens of a conversation, with what opens an answer. */
const promptOf = (messages) => model.tokenize(template.render({ messages, add_generation_prompt: true }), true);

async function answer(body, response) {
  const prompt = promptOf(body.messages);
  // One for each answer: a sequence that an answer was broken off in answers no other.
  const sequence = context.getSequence();
  const startedAt = performance.now();
  let firstAt = startedAt;
  const send = (delta, reason = null, more = {}) => {
    const choices = delta === null ? [] : [{ index: 0, delta, finish_reason: reason }];
    response.write(
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: body.model, choices, ...more })}\n\n`,
    );
  };
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  send({ role: 'assistant', content: null });
  const tokens = [];
  let sent = '';
  let reason = 'stop';
  for await (const token of sequence.evaluate(prompt, { temperature: body.temperature, yieldEogToken: true })) {
    if (tokens.length === 0) firstAt = performance.now();
    if (response.destroyed || model.isEogToken(token)) break;
    tokens.push(token);
    // A character may take several tokens: until it is whole, the text ends with a sign that stands for none.
    const text = model.detokenize(tokens, false).replace(/\uFFFD+$/, '');
    if (text.length > sent.length) send({ content: text.slice(sent.length) });
    sent = text;
    if (tokens.length === body.max_tokens) {
      reason = 'length';
      break;
    }
  }
  const endedAt = performance.now();
  sequence.dispose();
  send({}, reason);
  send(null, null, {
    usage: { prompt_tokens: prompt.length, completion_tokens: tokens.length },
    timings: {
      cache_n: 0,
      prompt_n: prompt.length,
      prompt_ms: firstAt - startedAt,
      predicted_n: tokens.length,
      predicted_ms: endedAt - firstAt,
    },
  });
  response.end('data: [DONE]\n\n');
}

const server = createServer(async (request, response) => {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Headers', '*');
  const json = (value) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  if (request.method === 'OPTIONS') return response.writeHead(200).end();
  if (request.url === '/v1/models')
    return json({
      object: 'list',
      data: [{ id: 'guide', object: 'model', meta: { n_ctx_train: model.trainContextSize } }],
    });
  if (request.url === '/props') return json({ default_generation_settings: { n_ctx: context.contextSize } });
  if (request.url === '/v1/chat/completions') return answer(JSON.parse(Buffer.concat(pieces).toString()), response);
  response.writeHead(404).end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`));
