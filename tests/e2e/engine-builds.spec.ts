/** Which engine a browser gets, from where, and what is said when it gets none. */
import type { Page } from '@playwright/test';
import { startStaticServer } from '../fixtures/static-server';
import { expect, test } from './test';

const question = 'How do I use this offline?';
const answer = /network|internet|offline/i;

/** What Safari has: memories with 32-bit addresses, and no JSPI. */
const without64Bits = `{
  const Real = WebAssembly.Memory;
  WebAssembly.Memory = class extends Real {
    constructor(wanted) {
      if (wanted.address !== undefined) throw new TypeError("Conversion from 'BigInt' to 'number' is not allowed.");
      super(wanted);
    }
  };
  delete WebAssembly.Suspending;
  delete WebAssembly.promising;
}
`;

/** As a person may have it: the Guide on llama.cpp. */
const wantLlamaCpp = (page: Page): Promise<unknown> =>
  page.addInitScript(() =>
    localStorage.setItem('sotto.load-settings', JSON.stringify({ guide: { backend: 'cpu', cpuEngine: 'llama.cpp' } })),
  );

const isLlamaCpp = (path: string): boolean => /wllama.*\.wasm$|llama-cpp-engine/.test(path);

test('the first answer costs nothing of llama.cpp', async ({ page, sotto }) => {
  const server = await startStaticServer();
  await page.goto(server.origin);
  expect(await sotto.answerTo(question)).toMatch(answer);
  expect(server.requests.filter(isLlamaCpp)).toEqual([]);
  expect(server.requests.filter((path) => /cpu-engine/.test(path))).not.toEqual([]);
  await server.close();
});

const compatFiles = (paths: readonly string[]): string[] => paths.filter((path) => path.includes('/compat-'));

test('with 64-bit memory, nothing of the other build is fetched', async ({ page, sotto }) => {
  const server = await startStaticServer();
  await wantLlamaCpp(page);
  await page.goto(server.origin);
  expect(await sotto.answerTo(question)).toMatch(answer);
  expect(server.requests.filter((path) => /wllama.*\.wasm$/.test(path))).toHaveLength(1);
  expect(compatFiles(server.requests)).toEqual([]);
  await server.close();
});

test('without 64-bit memory, the other build answers, from this host alone', async ({ page, sotto }) => {
  const server = await startStaticServer({ inWorkers: without64Bits });
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin) && request.url().startsWith('http')) elsewhere.push(request.url());
  });
  await page.addInitScript(without64Bits);
  await wantLlamaCpp(page);
  await page.goto(server.origin);
  expect(await sotto.answerTo(question)).toMatch(answer);
  expect(compatFiles(server.requests).sort()).toEqual([
    expect.stringMatching(/compat-files-.*\.js$/),
    expect.stringMatching(/compat-wllama-.*\.wasm$/),
  ]);
  expect(server.requests.filter((path) => /\/wllama-.*\.wasm$/.test(path))).toEqual([]);
  expect(elsewhere).toEqual([]);
  await sotto.goTo('Models');
  await expect(page.getByText('Should run well here').first()).toBeVisible();
  await server.close();
});

test('an isolated page whose browser shares no memory between threads says that it has one', async ({
  page,
  sotto,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedArrayBuffer'));
  await sotto.open('Settings');
  await expect(page.getByText('this browser doesn’t let threads share memory')).toBeVisible();
});

test('without WebAssembly, the chat says so before anything is asked', async ({ page, sotto }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await sotto.open();
  await expect(page.getByRole('alert')).toContainText('can’t run WebAssembly');
  await expect(page.getByRole('alert')).toContainText('current version of Chrome, Edge, Firefox, or Safari');
  await expect(page.getByRole('list', { name: 'Suggested questions' })).toHaveCount(0);
  await sotto.message.fill(question);
  await expect(sotto.send).toBeDisabled();
  await sotto.goTo('Models');
  await expect(page.getByText('This browser can’t run models.')).toBeVisible();
  await expect(page.getByText('Unlikely to run here').first()).toBeVisible();
});

const parts = {
  'the engine’s script': /cpu-engine/,
  'its arithmetic': /(relaxed16|relaxed32|fixed)-/,
  'the binary of llama.cpp': /\.wasm$/,
  'the script of llama.cpp': /llama-cpp-engine/,
  'the script of its worker': /^engine-worker\//,
  'what its worker imports': /engine-main/,
};

for (const [part, paths] of Object.entries(parts)) {
  test(`${part} breaks off on its way: the network is named, and another try works`, async ({
    page,
    sotto,
    watched,
  }) => {
    const server = await startStaticServer();
    server.cut(paths);
    if (part.includes('llama.cpp')) await wantLlamaCpp(page);
    await page.goto(server.origin);
    const alert = page.getByRole('alert').filter({ hasText: 'Part of Sotto couldn’t be loaded' });
    await expect(alert).toBeVisible();
    await expect(page.getByText(/memory/i)).toHaveCount(0);
    server.cut(null);
    await sotto.button('Try again').click();
    await expect(alert).toHaveCount(0);
    expect(await sotto.answerTo(question)).toMatch(answer);
    // What llama.cpp says as it ends.
    watched.forgive(/Aborted\(NetworkError/);
    await server.close();
  });
}
