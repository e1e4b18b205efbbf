import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import guideFile from '../../src/models/shelf/guide-file.json';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { guide } from '../../src/models/shelf/guide';
import { BareEngine } from '../browser/bare-engine';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { serveApp } from '../browser/served-app';

/** Ten topics in each language, sums and what it has to decline among them. */
const questions = [
  'How do I use this offline?',
  'What is Sotto?',
  'Who are you?',
  'Where are my chats stored?',
  'Which model should I choose?',
  'How do I delete my chats?',
  'What is WebGPU?',
  'How do I export my chats?',
  'What is 17 + 25?',
  'What is the capital of France?',
  '怎么离线使用？',
  'Sotto是什么？',
  '你是谁？',
  '我的聊天记录保存在哪里？',
  '手机上用哪个模型好？',
  '什么是上下文窗口？',
  '蒸馏是什么意思？',
  '怎么删除所有数据？',
  '38加47等于多少？',
  '给我写一首关于春天的诗',
];

const file = 'tests/fixtures/guide-known-answers.json';

/** Opens the built app in Chromium, loads the Guide with one thread, and hands out a way to ask it. */
async function withGuide<T>(
  work: (ask: (turns: readonly ChatTurn[]) => Promise<string>, version: string) => Promise<T>,
) {
  const app = await serveApp(4274);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const engine = await BareEngine.open(await browser.newContext(), app.origin);
  const { id: modelId, engine: kind, contextTokens = 1024, sampling } = guide;
  const model = { modelId, engine: kind, contextTokens, threads: 1 };
  const { engineVersion } = await engine.load(`${app.origin}/${guideFile.path}`, model);
  const result = await work(async (turns) => (await engine.generate({ turns, sampling })).text, engineVersion);
  await browser.close();
  await app.close();
  return result;
}

export async function record(): Promise<void> {
  await withGuide(async (ask, engineVersion) => {
    const answers: Record<string, string> = {};
    for (const content of questions) answers[content] = await ask([{ role: 'user', content }]);
    writeFileSync(file, `${JSON.stringify({ sha256: guideFile.sha256, engineVersion, answers }, null, 2)}\n`);
    console.log(`${questions.length} answers of ${engineVersion} are in ${file}`);
  });
}

/**
 * Compares the browser's greedy answers to the test set with those of native llama.cpp.
 * @param nativeAnswers what `evaluate-native.mjs --answers` wrote: one JSON object a line with `turns` and `answer`
 */
export async function compare(nativeAnswers: string): Promise<void> {
  const lines = readFileSync(nativeAnswers, 'utf8').trim().split('\n');
  const cases = lines.map((line) => JSON.parse(line) as { id: string; turns: string[]; answer: string });
  const different = await withGuide(async (ask) => {
    const ids: string[] = [];
    for (const { id, turns: asked, answer } of cases) {
      const turns: ChatTurn[] = [];
      let given = '';
      for (const content of asked) {
        turns.push({ role: 'user', content });
        given = await ask(turns);
        turns.push({ role: 'assistant', content: given });
      }
      if (given !== answer) ids.push(id);
    }
    return ids;
  });
  const same = cases.length - different.length;
  console.log(`${same} of ${cases.length} answers are the same in the browser and in native llama.cpp`);
  if (different.length > 0) console.log(`different: ${different.join(', ')}`);
}
