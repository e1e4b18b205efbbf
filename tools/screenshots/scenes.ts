/** What is shown in each picture. Each begins with a page of its own in the same profile, so what one stores, the next one has. */
import { playScript } from '../../tests/fixtures/scripted-answers';
import type { ShownApp } from './shown-app';

/** One of everything that an answer may hold. */
const richAnswer: Record<ShownApp['language'], string> = {
  en: [
    '<think>The person wants an overview, so I give one of each.</think>\n\n',
    'The **quick** way is `sort()`, with [a link](https://example.org/page):\n\n',
    '```js\nconst sorted = [3, 1, 2].sort((a, b) => a - b);\nconsole.log(sorted); // 1, 2, 3\n```\n\n',
    '| algorithm | average | worst |\n|---|---|---|\n| quicksort | O(n log n) | O(n²) |\n| mergesort | O(n log n) | O(n log n) |\n\n',
    '1. Stable sorts keep equal items in order.\n2. In place needs no second array.\n\n> Measure before you choose.\n',
  ].join(''),
  'zh-CN': [
    '<think>用户想要概览，我各举一例。</think>\n\n',
    '**最快**的办法是 `sort()`，参见[链接](https://example.org/page)：\n\n',
    '```js\nconst sorted = [3, 1, 2].sort((a, b) => a - b);\nconsole.log(sorted); // 1, 2, 3\n```\n\n',
    '| 算法 | 平均 | 最坏 |\n|---|---|---|\n| 快速排序 | O(n log n) | O(n²) |\n| 归并排序 | O(n log n) | O(n log n) |\n\n',
    '1. 稳定排序会保持相等元素的顺序。\n2. 原地排序不需要第二个数组。\n\n> 先测量，再选择。\n',
  ].join(''),
};

const llamaBench = JSON.stringify(
  [
    { n_prompt: 512, n_gen: 0, avg_ts: 128.4, stddev_ts: 1.2 },
    { n_prompt: 0, n_gen: 128, avg_ts: 24.71, stddev_ts: 0.3 },
  ].map((row) => ({
    model_type: 'qwen3 0.6B Q4_K - Medium',
    model_filename: 'qwen3-0.6b-q4_k_m.gguf',
    cpu_info: 'AMD EPYC',
    backends: 'CPU',
    n_threads: 4,
    ...row,
  })),
);

const passphrase = 'heron lantern copper quilt';

/** Each resolves with whether the whole of a long screen is wanted, too. */
export const scenes: Readonly<Record<string, (app: ShownApp) => Promise<boolean>>> = {
  'chat-empty': async (app) => {
    await app.open('chat');
    await app.settle(3500);
    return false;
  },
  'chat-guide': async (app) => {
    await app.open('chat');
    await app.ask(app.language === 'en' ? 'How do I use this offline?' : '没有网络时怎么使用？');
    return false;
  },
  'chat-declined': async (app) => {
    await app.open('chat');
    await app.ask(app.language === 'en' ? 'Write a poem about the sea.' : '写一首关于大海的诗。');
    return false;
  },
  'chat-answer': async (app) => {
    await playScript(app.page, { answers: [[...richAnswer[app.language]].map((token) => ({ token }))] });
    await app.open('chat');
    await app.ask(app.language === 'en' ? 'How do I sort an array?' : '怎么给数组排序？');
    return false;
  },
  'chat-model-menu': async (app) => {
    await app.open('chat');
    await app.settle();
    await app.button('model').click();
    await app.settle(500);
    return false;
  },
  'chat-add-menu': async (app) => {
    await app.open('chat');
    await app.settle();
    await app.button('composer_add').click();
    await app.settle(500);
    return false;
  },
  'chat-settings': async (app) => {
    await app.open('chat');
    await app.settle();
    await app.button('composer_add').click();
    await app.page.getByRole('menuitem', { name: app.word('set_open') }).click();
    await app.settle();
    return false;
  },
  'chat-temporary': async (app) => {
    await app.open('chat/temporary');
    await app.settle();
    return false;
  },
  'chat-preview': async (app) => {
    const drawing =
      '<svg viewBox="0 0 120 60"><circle cx="40" cy="30" r="24" fill="teal"/><rect x="66" y="10" width="40" height="40" fill="tomato"/></svg>';
    await playScript(app.page, { answers: [[{ token: `\`\`\`svg\n${drawing}\n\`\`\`\n` }]] });
    await app.open('chat');
    await app.ask(app.language === 'en' ? 'Draw two shapes.' : '画两个图形。');
    await app.button('preview').click();
    await app.settle();
    return false;
  },
  drawer: async (app) => {
    await app.open('chat');
    if (app.phone) await app.button('menu').click();
    await app.settle();
    return false;
  },
  models: async (app) => {
    await app.open('models');
    await app.settle(2500);
    return true;
  },
  'models-add': async (app) => {
    await app.open('models');
    await app.button('add_model').click();
    await app.settle();
    return false;
  },
  benchmark: async (app) => {
    await app.open('benchmark');
    await app.settle();
    return true;
  },
  'benchmark-result': async (app) => {
    // Else each repetition waits while other programs want the processor.
    await app.page.addInitScript(() => void Reflect.deleteProperty(globalThis, 'PressureObserver'));
    await playScript(app.page, {
      answers: [[{ token: 'Sotto is a web app that runs small language models on your own device' }]],
      measure: { promptTokenMs: 0.05, tokenMs: 1 },
    });
    await app.open('benchmark');
    await app.button('run_benchmark').click();
    await app.button('stop').waitFor();
    await app.settle(3000);
    await app.page.screenshot({ path: `screenshots/benchmark-running-${app.phone ? 390 : 1280}-${app.language}.png` });
    await app.button('run_benchmark').waitFor({ timeout: 120_000 });
    await app.settle();
    return true;
  },
  'benchmark-imported': async (app) => {
    await app.open('benchmark');
    await app.page.getByRole('textbox', { name: app.word('bench_import_paste') }).fill(llamaBench);
    await app.button('bench_import_read').click();
    await app.settle();
    return true;
  },
  privacy: async (app) => {
    await app.open('privacy');
    await app.settle();
    return true;
  },
  settings: async (app) => {
    await app.open('settings');
    await app.settle(2500);
    return true;
  },
  shortcuts: async (app) => {
    await app.open('settings');
    await app.button('keys_show').click();
    await app.settle(500);
    return false;
  },
  missing: async (app) => {
    await app.open('chat/nowhere');
    await app.settle();
    return false;
  },
  // Last: what is locked stays locked.
  lock: async (app) => {
    await app.open('settings');
    await app.page.getByLabel(app.word('lock_new_passphrase')).fill(passphrase);
    await app.page.getByLabel(app.word('lock_repeat')).fill(passphrase);
    await app.button('lock_turn_on').click();
    await app.button('lock_now').first().waitFor({ timeout: 30_000 });
    await app.page.reload();
    await app.page.getByLabel(app.word('lock_passphrase'), { exact: true }).waitFor();
    await app.settle(500);
    return false;
  },
};
