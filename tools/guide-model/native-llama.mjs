// Loads node-llama-cpp (native llama.cpp) from outside the repository and opens a GGUF file with it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** `--name value` and `--flag` arguments. */
export function readArguments(argv) {
  const options = {};
  for (let i = 0; i < argv.length; i += 1) {
    if (!argv[i].startsWith('--')) continue;
    const next = argv[i + 1];
    options[argv[i].slice(2)] = next === undefined || next.startsWith('--') ? true : next;
  }
  return options;
}

async function importLibrary(folder) {
  for (const root of [folder, ...(process.env.NODE_PATH ?? '').split(path.delimiter)].filter(Boolean)) {
    try {
      const found = createRequire(path.join(path.resolve(root), 'x.js')).resolve('node-llama-cpp');
      return await import(pathToFileURL(found).href);
    } catch {
      try {
        const direct = path.join(path.resolve(root), 'node-llama-cpp', 'dist', 'index.js');
        return await import(pathToFileURL(direct).href);
      } catch {
        // try the next place
      }
    }
  }
  console.error(
    'node-llama-cpp was not found. Install it outside this repository:\n' +
      '  mkdir -p /tmp/native && cd /tmp/native && npm init -y && npm i --ignore-scripts node-llama-cpp@3.22.1\n' +
      'and pass --native /tmp/native (or set NODE_PATH=/tmp/native/node_modules).',
  );
  process.exit(2);
}

export async function openModel(file, nativeFolder) {
  const { getLlama } = await importLibrary(nativeFolder);
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: path.resolve(file) });
  return { llama, model };
}

/** The same text as the chat template in the file renders (see conversation.py). */
export function renderPrompt(messages) {
  const parts = messages.map(({ role, content }) => {
    const kept = role === 'assistant' ? content.split('</think>').at(-1).replace(/^\n+/, '') : content;
    return `<|im_start|>${role}\n${kept}<|im_end|>\n`;
  });
  return `${parts.join('')}<|im_start|>assistant\n`;
}

export class Answerer {
  constructor(model, context) {
    this.model = model;
    this.sequence = context.getSequence();
  }

  static async open(file, nativeFolder) {
    const { model } = await openModel(file, nativeFolder);
    const context = await model.createContext({ contextSize: 1024, threads: 1 });
    return new Answerer(model, context);
  }

  /** Greedy answer to the last of `messages`, at most `limit` tokens. */
  async answer(messages, limit = 160) {
    await this.sequence.clearHistory();
    const prompt = this.model.tokenize(renderPrompt(messages), true);
    const tokens = [];
    for await (const token of this.sequence.evaluate(prompt, { temperature: 0 })) {
      if (this.model.isEogToken(token) || tokens.length >= limit) break;
      tokens.push(token);
    }
    return this.model.detokenize(tokens, true);
  }
}
