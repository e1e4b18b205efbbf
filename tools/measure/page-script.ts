import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import type { Row } from './row';

const limitBytes = 60_000;

/** All JavaScript that the page thread compiles at a first visit that is only looked at. Scripts of workers are no part of it. */
export async function measurePageScript(origin: string): Promise<readonly Row[]> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  const paths = new Set<string>();
  session.on('Debugger.scriptParsed', ({ url }) => {
    if (url.startsWith(origin)) paths.add(new URL(url).pathname);
  });
  await session.send('Debugger.enable');
  await page.goto(origin, { waitUntil: 'networkidle' });
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.waitForLoadState('networkidle');
  await browser.close();
  const bytes = Object.fromEntries([...paths].map((path) => [path, gzipSync(readFileSync(`dist${path}`)).length]));
  const total = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  return [
    {
      quantity: 'page JavaScript before the first interaction, gzip',
      target: '≤ 60 kB',
      measured: `${(total / 1000).toFixed(1)} kB`,
      met: total <= limitBytes,
      samples: [total],
      conditions:
        'every script that the page thread compiles until the network is quiet; gzip at its default level; without workers',
      details: { bytes },
    },
  ];
}
