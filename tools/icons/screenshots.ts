/** Takes the screenshots that the manifest names, of the built app in Chromium. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { serveApp } from '../browser/served-app';

const folder = join(import.meta.dirname, '../../public/icons/screenshots');
const shapes = {
  wide: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  narrow: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
} as const;

async function chat(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill('How do I use this offline?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('article[aria-label="Answer"]:not([aria-busy="true"])').waitFor();
  // Without a caret in the picture.
  await page.getByRole('article', { name: 'Answer' }).click();
}

async function screen(page: Page, hash: string): Promise<void> {
  await page.goto(page.url().replace(/#.*/, hash));
  await page.getByRole('heading', { level: 1 }).waitFor();
  // The Guide is still being loaded.
  await page.waitForTimeout(4000);
}

async function shoot(
  browser: Browser,
  origin: string,
  shape: keyof typeof shapes,
  name: string,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...shapes[shape], colorScheme: 'light', serviceWorkers: 'block' });
  // An offer to install it has no place in the picture that is shown before.
  await context.addInitScript(() => localStorage.setItem('sotto.install', 'never'));
  const page = await context.newPage();
  await page.goto(`${origin}/#/chat`);
  await prepare(page);
  await page.screenshot({ path: join(folder, `${name}-${shape}.png`) });
  await context.close();
}

export async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const app = await serveApp(4277);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  await shoot(browser, app.origin, 'wide', 'chat', chat);
  await shoot(browser, app.origin, 'wide', 'models', (page) => screen(page, '#/models'));
  await shoot(browser, app.origin, 'narrow', 'chat', chat);
  await shoot(browser, app.origin, 'narrow', 'privacy', (page) => screen(page, '#/privacy'));
  await browser.close();
  await app.close();
}
