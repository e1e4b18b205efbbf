import { writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import guideFile from '../../src/models/guide-file.json';
import { guide } from '../../src/models/catalogue';
import { BareEngine } from '../browser/bare-engine';
import { chromiumFlags, findChromium } from '../browser/find-chromium';
import { serveApp } from '../browser/served-app';

/** Ten topics in each language, sums and what it has to decline among them. */
const questions = [
  'How do I use this offline?',
  'What is Sotto?',
  'Who are you?',
  'Where are my chats stored?',
  'Which model should I choose?',
  'What is quantisation?',
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

export async function record(): Promise<void> {
  const app = await serveApp(4274);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const engine = await BareEngine.open(await browser.newContext(), app.origin);
  const { id: modelId, engine: kind, contextTokens = 1024, sampling } = guide;
  const { engineVersion } = await engine.load(`${app.origin}/${guideFile.path}`, {
    modelId,
    engine: kind,
    contextTokens,
    threads: 1,
  });
  const answers: Record<string, string> = {};
  for (const content of questions) {
    answers[content] = (await engine.generate({ turns: [{ role: 'user', content }], sampling })).text;
  }
  writeFileSync(file, `${JSON.stringify({ sha256: guideFile.sha256, engineVersion, answers }, null, 2)}\n`);
  console.log(`${questions.length} answers of ${engineVersion} are in ${file}`);
  await browser.close();
  await app.close();
}
