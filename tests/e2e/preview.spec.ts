/** HTML, SVG and Mermaid that a model wrote, drawn in a frame: it shows, and it can do nothing else. Heard from the other side. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { playScript } from '../fixtures/scripted-answers';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test, type Watch } from './test';

let stranger: Server;
let heard: string[] = [];
/** A name that is looked up, or a connection without a request, tells something, too. */
let connections = 0;

test.beforeEach(async () => {
  heard = [];
  connections = 0;
  stranger = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.end('<p>stranger</p>');
  });
  stranger.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => stranger.listen(0, 'localhost', resolve));
});

test.afterEach(async ({ watched }) => {
  forgivePolicy(watched);
  stranger.closeAllConnections();
  await new Promise((resolve) => stranger.close(resolve));
});

/** What the browser says of what it did not let through. */
const forgivePolicy = (watched: Watch): void =>
  watched.forgive(/Content.Security.Policy|policy violated|Refused to|sandbox|Trusted ?Types?/i);

const other = (): string => `http://localhost:${(stranger.address() as AddressInfo).port}`;

async function preview(sotto: SottoPage, language: string, code: string): Promise<void> {
  await playScript(sotto.page, { answers: [[{ token: `Here:\n\n\`\`\`${language}\n${code}\n\`\`\`\n` }]] });
  await sotto.open();
  await sotto.answerTo('Draw it');
  await sotto.button('Preview', sotto.answer).click();
  await expect(sotto.page.getByRole('dialog', { name: 'Preview' })).toBeVisible();
}

/** The frame itself has said that it shows what it was sent. */
const isShown = (page: Page): Promise<void> =>
  expect(page.locator('iframe')).toHaveAttribute('aria-busy', 'false', { timeout: 30_000 });

const frameOf = (page: Page) => page.frameLocator('iframe[title="Preview"]');

/** What in the frame could run, load or lead away. */
const leadingIn = (page: Page): Promise<string[]> =>
  frameOf(page)
    .locator('body *')
    .evaluateAll((elements) =>
      elements.flatMap(({ localName, attributes }) => [
        ...(/^(?:script|img|image|iframe)$/.test(localName) ? [localName] : []),
        ...[...attributes]
          .filter(({ localName: name, value }) => name.startsWith('on') || (name === 'href' && !value.startsWith('#')))
          .map(({ name, value }) => `${localName} ${name}=${value}`),
      ]),
    );

/** Everything by which a document runs, loads, sends, or leads away. */
function hostile(to: string): string {
  return [
    `<html><head><base href="${to}/base/"><meta http-equiv="refresh" content="0;url=${to}/refresh">`,
    `<link rel="stylesheet" href="${to}/sheet.css"><link rel="preload" as="image" href="${to}/preload">`,
    `<link rel="dns-prefetch" href="${to}"><link rel="prefetch" href="${to}/prefetch">`,
    `<style>@import url(${to}/import.css); body { background: url(${to}/background) } p { color: rgb(1, 2, 3) }`,
    `@font-face { font-family: x; src: url(${to}/font) } p { font-family: x }</style></head>`,
    `<body onload="parent.location='${to}/onload'"><p id="words">Drawn words</p>`,
    `<script>for (;;) {}</script><script src="${to}/script.js"></script>`,
    `<script>location.reload()</script><script>top.location = '${to}/top'; parent.location = '${to}/parent'</script>`,
    `<script>location.href = '${to}/self'; fetch('${to}/fetch'); new Image().src = '${to}/image'; open('${to}/open')</script>`,
    `<script>new WebSocket('${to.replace('http', 'ws')}/socket'); navigator.sendBeacon('${to}/beacon')</script>`,
    `<img src="${to}/img" srcset="${to}/srcset 2x" onerror="parent.location='${to}/onerror'">`,
    `<img src="x" onerror="location='${to}/onerror2'"><video src="${to}/video" poster="${to}/poster" autoplay></video>`,
    `<audio src="${to}/audio" autoplay></audio><object data="${to}/object"></object><embed src="${to}/embed">`,
    `<iframe src="${to}/iframe"></iframe><iframe srcdoc="<img src=${to}/srcdoc>"></iframe>`,
    `<form action="${to}/form"><input name="q" value="secret"><button id="send" autofocus>Send</button></form>`,
    `<input type="image" src="${to}/input"><a id="link" href="${to}/link" ping="${to}/ping">A link</a>`,
    `<a id="out" target="_top" href="${to}/out">Out</a><div style="background:url(${to}/inline)">x</div>`,
    `<svg><image href="${to}/svg-image"/><use href="${to}/use#x"/><script>parent.location='${to}/svg'</script>`,
    `<animate onbegin="parent.location='${to}/begin'" attributeName="x" dur="1s"/>`,
    `<foreignObject><img src="${to}/foreign"></foreignObject></svg>`,
    `<math><a id="math" xlink:href="${to}/math">m</a></math><template><img src="${to}/template"></template>`,
    `</body></html>`,
  ].join('\n');
}

test(
  'a hostile document is drawn, and reaches, runs and leads nowhere',
  everywhere,
  async ({ engine, page, sotto }) => {
    await preview(sotto, 'html', hostile(other()));
    const address = page.url();
    await isShown(page);
    // Only Playwright's own browser is led by something that sees into frames.
    if (engine === 'chromium') {
      const words = frameOf(page).locator('#words');
      await expect(words).toHaveText('Drawn words');
      // Styles of its own count.
      expect(await words.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)');
      for (const id of ['link', 'out', 'send', 'math'])
        await frameOf(page)
          .locator(`#${id}`)
          .click({ force: true, timeout: 2000 })
          .catch(() => {});
      // Time for a click to lead somewhere: nothing takes the frame away.
      await page.waitForTimeout(2000);
      await expect(words).toHaveText('Drawn words');
    }
    // Longer than it takes until a frame that does not answer is called unreachable.
    await page.waitForTimeout(6000);
    await expect(page.getByRole('dialog')).toContainText('A preview has no network');
    expect(await page.evaluate(() => 6 * 7)).toBe(42);
    expect(page.url()).toBe(address);
    expect(heard).toEqual([]);
    expect(connections).toBe(0);
    await sotto.button('Close', page.getByRole('dialog')).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.locator('iframe')).toHaveCount(0);
    await expect(sotto.answer).toContainText('Here:');
  },
);

test('the frame has no origin, no storage, and no way to the page', async ({ page, sotto }) => {
  await preview(
    sotto,
    'svg',
    '<svg viewBox="0 0 10 10"><circle id="dot" cx="5" cy="5" r="4" fill="rgb(1,2,3)"/></svg>',
  );
  const dot = frameOf(page).locator('#dot');
  await expect(dot).toBeVisible();
  // As the strictest reader of the frame: a script that got in after all.
  const facts = await dot.evaluate(() => {
    const tries: Record<string, () => unknown> = {
      storage: () => localStorage.length,
      page: () => parent.document.title,
      cookies: () => document.cookie,
    };
    return {
      origin: location.origin === 'null' || self.origin,
      ...Object.fromEntries(
        Object.entries(tries).map(([name, attempt]) => {
          try {
            return [name, `got ${String(attempt())}`];
          } catch {
            return [name, 'refused'];
          }
        }),
      ),
    };
  });
  expect(facts).toMatchObject({ storage: 'refused', page: 'refused', cookies: 'refused' });
  const fetched = await dot.evaluate(
    (_, address) =>
      fetch(address).then(
        () => 'sent',
        () => 'refused',
      ),
    other(),
  );
  expect(fetched).toBe('refused');
  // Nor may it be led anywhere: the page lets frames show files of Sotto only.
  await dot.evaluate((_, address) => void (location.href = `${address}/led`), other()).catch(() => {});
  // Time for what must not happen.
  await page.waitForTimeout(1000);
  expect(heard).toEqual([]);
});

/** Each asks for another way out, or for more rights. */
const hostileDiagrams = (to: string): string =>
  [
    `%%{init: {"securityLevel": "loose", "htmlLabels": true, "secure": [], "flowchart": {"htmlLabels": true}}}%%`,
    `%%{init: {"themeCSS": "@import url(${to}/import.css); .node { background: url(${to}/theme); fill: url(${to}/fill) }"}}%%`,
    `%%{init: {"fontFamily": "x; } @font-face { font-family: y; src: url(${to}/font) } * { font-family: y"}}%%`,
    `flowchart TD`,
    `A["Drawn words <img src='${to}/img' onerror='parent.location=1'><script>for (;;) {}</script>"] --> B[b]`,
    `B --> C[c] --> D@{ icon: "logos:aws", label: "icon" }`,
    `click A href "${to}/click" "tip" _top`,
    `click B call alert("called")`,
    `click C href "javascript:parent.location='${to}/javascript'"`,
  ].join('\n');

test('a hostile diagram is drawn, and loads, runs and leads nowhere', everywhere, async ({ engine, page, sotto }) => {
  await preview(sotto, 'mermaid', hostileDiagrams(other()));
  const address = page.url();
  const dialog = page.getByRole('dialog');
  await isShown(page);
  if (engine === 'chromium') {
    const words = frameOf(page).getByText('Drawn words').first();
    await expect(words).toBeVisible();
    await words.click({ force: true });
    expect(await leadingIn(page)).toEqual([]);
  }
  // Longer than it takes until a frame that does not answer is called unreachable.
  await page.waitForTimeout(6000);
  await expect(dialog).toContainText('A preview has no network');
  expect(page.url()).toBe(address);
  expect(heard).toEqual([]);
  expect(connections).toBe(0);
  await sotto.button('Close', dialog).click();
  await expect(page.locator('iframe')).toHaveCount(0);
});

test('a picture in a diagram is not fetched', everywhere, async ({ page, sotto }) => {
  await preview(sotto, 'mermaid', `flowchart TD\n  A --> B@{ img: "${other()}/node.png", label: "b", w: 60, h: 60 }`);
  await expect(page.getByRole('dialog')).toContainText('Mermaid can’t draw this diagram', { timeout: 30_000 });
  expect(heard).toEqual([]);
  expect(connections).toBe(0);
});

test('a sequence diagram with a menu is drawn, and the menu leads nowhere', async ({ page, sotto }) => {
  await preview(sotto, 'mermaid', `sequenceDiagram\n  participant A\n  link A: Out @ ${other()}/menu\n  A->>A: Hello`);
  await expect(frameOf(page).getByText('Hello')).toBeVisible({ timeout: 30_000 });
  expect(await leadingIn(page)).toEqual([]);
});

test('a diagram that would be drawn for ever is ended, and the page goes on', everywhere, async ({ page, sotto }) => {
  await preview(sotto, 'mermaid', 'block-beta\n  columns 3\n  space:999999999\n  a');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('took too long', { timeout: 40_000 });
  await expect(dialog).toContainText('space:999999999');
  await expect(page.locator('iframe')).toHaveCount(0);
  await sotto.button('Close', dialog).click();
  await expect(dialog).toHaveCount(0);
  await expect(sotto.answer).toContainText('Here:');
});

test('a diagram with a mistake is refused in Mermaid’s own words', everywhere, async ({ page, sotto }) => {
  await preview(sotto, 'mermaid', 'flowchart TD\n  A --> B\n  B --> [C');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Mermaid can’t draw this diagram', { timeout: 30_000 });
  await expect(dialog).toContainText('error on line 3');
  await expect(page.locator('iframe')).toHaveCount(0);
});

test('nothing of Mermaid is fetched before a diagram is asked for', async ({ page, sotto }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await playScript(page, { answers: [[{ token: '```mermaid\nflowchart TD\n  A[One] --> B[Two]\n```\n' }]] });
  await page.emulateMedia({ colorScheme: 'dark' });
  await sotto.open();
  await sotto.answerTo('Draw it');
  await expect(sotto.button('Preview', sotto.answer)).toBeVisible();
  expect(fetched.filter((path) => /mermaid|diagram/i.test(path))).toEqual([]);
  await sotto.button('Preview', sotto.answer).click();
  await expect(frameOf(page).getByText('Two').first()).toBeVisible({ timeout: 30_000 });
  expect(fetched.filter((path) => path.includes('diagram/'))).toEqual(['/diagram/frame.html', '/diagram/mermaid.js']);
  // As dark as the page around it.
  const paper = await frameOf(page)
    .locator('html')
    .evaluate((html) => getComputedStyle(html).backgroundColor);
  expect(paper).toBe('rgb(28, 29, 32)');
});

test('one switch takes all previews away', async ({ page, sotto }) => {
  await sotto.open('Settings');
  await page.getByRole('checkbox', { name: /HTML, SVG/ }).uncheck();
  await playScript(page, { answers: [[{ token: '```html\n<p>x</p>\n```\n\n```mermaid\nflowchart TD\n```\n' }]] });
  await page.reload();
  await sotto.open();
  await sotto.answerTo('Draw it');
  await expect(sotto.button('Copy code', sotto.answer)).toHaveCount(2);
  await expect(sotto.button('Preview', sotto.answer)).toHaveCount(0);
});

test('code in other languages has no preview', async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: '```js\nlet a;\n```\n' }]] });
  await sotto.open();
  await sotto.answerTo('Code');
  await expect(sotto.button('Copy code', sotto.answer)).toBeVisible();
  await expect(page.locator('[data-preview-code]')).toHaveCount(0);
});
