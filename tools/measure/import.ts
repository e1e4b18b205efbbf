import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { chromium, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { rounded, type Row } from './row';
import { inMegabytes, MemoryWatch, type MemoryRise } from './weights/memory-watch';

const conversations = 10_000;
const turns = 8;

declare global {
  /** Ms of the longest task of the page's thread since it was set to 0. */
  var longestTaskMs: number;
}

function watchTasks(): void {
  globalThis.longestTaskMs = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      globalThis.longestTaskMs = Math.max(globalThis.longestTaskMs, duration);
  }).observe({ type: 'longtask' });
}

/** One conversation as ChatGPT exports it, about 20 kB. */
function conversationOf(index: number): unknown {
  const mapping: Record<string, unknown> = { root: { id: 'root', message: null, parent: null, children: [] } };
  let parent = 'root';
  for (let turn = 0; turn < turns; turn += 1) {
    const id = `node-${index}-${turn}`;
    const text = `Turn ${turn} of conversation ${index}. `.repeat(60);
    const author = { role: turn % 2 === 0 ? 'user' : 'assistant', name: null, metadata: {} };
    const content = { content_type: 'text', parts: [text] };
    const message = {
      id,
      author,
      create_time: 1_700_000_000 + index * 60 + turn,
      content,
      recipient: 'all',
      metadata: {},
    };
    mapping[id] = { id, message, parent, children: [] };
    parent = id;
  }
  const time = 1_700_000_000 + index * 60;
  return {
    title: `Conversation ${index}`,
    create_time: time,
    update_time: time,
    mapping,
    current_node: parent,
    id: `c-${index}`,
  };
}

async function writeFile(path: string): Promise<number> {
  const stream = createWriteStream(path);
  stream.write('[');
  for (let index = 0; index < conversations; index += 1) {
    if (!stream.write(`${index > 0 ? ',' : ''}${JSON.stringify(conversationOf(index))}`)) await once(stream, 'drain');
  }
  stream.end(']');
  await once(stream, 'finish');
  return (await stat(path)).size;
}

interface Watched {
  readonly milliseconds: number;
  readonly longestTaskMs: number;
  readonly memory: MemoryRise;
}

async function watched(page: Page, profile: string, work: () => Promise<void>): Promise<Watched> {
  const watch = await MemoryWatch.start(profile);
  await page.evaluate(() => (globalThis.longestTaskMs = 0));
  const startedAt = Date.now();
  await work();
  const milliseconds = Date.now() - startedAt;
  const longestTaskMs = await page.evaluate(() => globalThis.longestTaskMs);
  return { milliseconds, longestTaskMs, memory: await watch.stop() };
}

export async function measureImport(origin: string): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-import-'));
  const file = join(folder, 'conversations.json');
  const bytes = await writeFile(file);
  const profile = join(folder, 'profile');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: chromiumFlags,
  });
  const page = await context.newPage();
  await page.addInitScript(watchTasks);
  await page.goto(`${origin}/#/settings`);
  await page.getByRole('button', { name: 'Import chats' }).waitFor();
  await page.waitForLoadState('networkidle');
  const panel = page.getByRole('region', { name: 'Import', exact: true });
  const go = panel.getByRole('button', { name: 'Import', exact: true });
  const preview = await watched(page, profile, async () => {
    await page.locator('input[type=file][accept*=zip]').setInputFiles(file);
    await go.waitFor({ timeout: 180_000 });
  });
  const write = await watched(page, profile, async () => {
    await go.click();
    await panel.getByText(/^Imported [\d,]+ chats/).waitFor({ timeout: 400_000 });
  });
  await context.close();
  await rm(folder, { recursive: true, force: true });
  const longest = Math.max(preview.longestTaskMs, write.longestTaskMs);
  const rise = (preview.memory.riseBytesByKind['renderer'] ?? 0) / bytes;
  const details = {
    fileMegabytes: Math.round(bytes / 1e6),
    conversations,
    previewMs: preview.milliseconds,
    writeMs: write.milliseconds,
    longestTaskMs: { preview: preview.longestTaskMs, write: write.longestTaskMs },
    memoryMegabytes: { preview: inMegabytes(preview.memory), write: inMegabytes(write.memory) },
  };
  const conditions = `a ChatGPT export of ${Math.round(bytes / 1e6)} MB with ${conversations} conversations, from a disk, one run`;
  return [
    {
      quantity: "longest task of the page's thread while a large export is previewed and imported",
      target: '≤ 200 ms',
      measured: `${rounded(longest)} ms`,
      met: longest <= 200,
      samples: [rounded(preview.longestTaskMs), rounded(write.longestTaskMs)],
      conditions,
      details,
    },
    {
      quantity: 'memory that reading a large export for its preview takes, against its size',
      target: '≤ 1 ×',
      measured: `${rounded(rise)} ×`,
      met: rise <= 1,
      samples: [rounded(rise)],
      conditions: `${conditions}; highest of the page's process over idle`,
    },
  ];
}
