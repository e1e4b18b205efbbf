/** Pictures of every screen, to be looked at: each scene in two widths, two themes and two languages. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { preview } from 'vite';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { serveApp, type ServedApp } from '../browser/served-app';
import { ShownApp, type Language } from './shown-app';
import { scenes } from './scenes';

const folder = join(import.meta.dirname, '../../screenshots');
const port = 4279;

interface Look {
  readonly width: number;
  readonly theme: 'light' | 'dark';
  readonly language: Language;
}

const looks: readonly Look[] = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'zh-CN'] as const).map((language) => ({ width, theme, language })),
  ),
);

async function serveBuilt(): Promise<ServedApp> {
  const server = await preview({ logLevel: 'warn', preview: { port, strictPort: true } });
  return { origin: `http://localhost:${port}`, close: () => server.close() };
}

/** @returns what went wrong, in words; a scene that fails keeps no other from being taken */
async function take(browser: Browser, origin: string, look: Look, wanted: readonly string[]): Promise<string[]> {
  const { width, theme, language } = look;
  const phone = width < 900;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 844 : 800 },
    colorScheme: theme,
    locale: language,
    hasTouch: phone,
    isMobile: phone,
    serviceWorkers: 'block',
  });
  const name = `${width}-${theme}-${language === 'en' ? 'en' : 'zh'}`;
  const wrong: string[] = [];
  for (const [scene, show] of Object.entries(scenes)) {
    if (wanted.length > 0 && !wanted.includes(scene)) continue;
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`${scene} ${name}: ${error.message}`));
    page.setDefaultTimeout(20_000);
    try {
      const shown = new ShownApp(page, origin, language, phone);
      const fullPage = await show(shown);
      await page.screenshot({ path: join(folder, `${scene}-${name}.png`), fullPage: false });
      if (fullPage) await shown.unroll(join(folder, `${scene}-${name}-whole.png`));
    } catch (error) {
      wrong.push(`${scene} ${name}: ${String(error).split('\n').slice(0, 4).join(' ')}`);
      await page.screenshot({ path: join(folder, `${scene}-${name}-failed.png`) }).catch(() => {});
    }
    await page.close();
  }
  await context.close();
  console.log(name);
  return wrong;
}

/** @param args `--built` for the build that is there, and names of scenes; all where none is named */
export async function main(args: readonly string[]): Promise<boolean> {
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const unknown = wanted.filter((name) => !(name in scenes));
  if (unknown.length > 0) {
    console.error(`No such scene: ${unknown.join(', ')}. There are: ${Object.keys(scenes).join(', ')}`);
    return false;
  }
  if (wanted.length === 0) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const app = args.includes('--built') ? await serveBuilt() : await serveApp(port);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const wrong: string[] = [];
  for (const look of looks) wrong.push(...(await take(browser, app.origin, look, wanted)));
  await browser.close();
  await app.close();
  for (const line of wrong) console.error(line);
  console.log(`screenshots/: ${wrong.length === 0 ? 'all taken' : `${wrong.length} went wrong`}`);
  return wrong.length === 0;
}
