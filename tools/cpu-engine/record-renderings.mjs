// Asks llama.cpp's own renderer for the prompts that tests/unit/cpu-chat-template.test.ts compares with, and writes them to
// tests/fixtures/native-renderings.json. node-llama-cpp is no dependency of the project: install it in a folder of its own, and run
//
//   node tools/cpu-engine/record-renderings.mjs <that folder>/node_modules [<a folder of *.jinja files> <a file for their prompts>]
//
// With a folder, the templates in it are rendered instead of the project's, for a comparison that is not to be kept.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runnerImport } from 'vite';

const [packages, folder, file] = process.argv.slice(2);
if (!packages) throw new Error('Which folder holds node-llama-cpp?');
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(join(packages, 'node-llama-cpp/dist/index.js')).href);
const root = fileURLToPath(new URL('../../', import.meta.url));
const fixture = async (name) => (await runnerImport(join(root, `tests/fixtures/${name}.ts`))).module;
const { startAndEnd, templateConversations, thinkingChoices, today } = await fixture('template-conversations');
const known = await fixture('chat-templates');

const sources = folder
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.jinja'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')])
  : Object.entries(known).filter(([name]) => name !== 'broken');
const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logLevel: LlamaLogLevel.error });
const recorded = {};
for (const [name, source] of sources) {
  const renderer = new llama._bindings.AddonJinjaRenderer(source);
  recorded[name] = {};
  for (const [conversation, turns] of templateConversations)
    recorded[name][conversation] = thinkingChoices.map((thinking) => rendered(renderer, turns, thinking));
}
writeFileSync(file ?? join(root, 'tests/fixtures/native-renderings.json'), `${JSON.stringify(recorded, null, 2)}\n`);
process.exit();

/** Null for what the template refuses. */
function rendered(renderer, turns, thinking) {
  const run = (messages) =>
    renderer
      .render({
        messages,
        add_generation_prompt: true,
        ...startAndEnd,
        ...(thinking !== 'unsaid' && { enable_thinking: thinking === 'on' }),
      })
      .replaceAll(today(), '<today>');
  try {
    return run(turns);
  } catch {
    const [system, question, ...rest] = turns;
    if (system.role !== 'system') return null;
    try {
      // llama.cpp's server does so for templates that know no system prompt (common/chat.cpp, system_message_not_supported).
      return run([{ role: 'user', content: `${system.content}\n${question.content}` }, ...rest]);
    } catch {
      return null;
    }
  }
}
