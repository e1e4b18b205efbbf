/** Draws all raster icons and splash screens from `public/icons/sotto.svg`, in the Chromium of the tests. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { splashScreens } from './splash-screens';

const folder = join(import.meta.dirname, '../../public');
const ground = '#2f5d62';

interface Drawing {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

async function draw(page: Page, { path, width, height, svg }: Drawing): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`);
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file, omitBackground: true });
}

export async function main(): Promise<void> {
  const rounded = await readFile(join(folder, 'icons/sotto.svg'), 'utf8');
  const mark = rounded.replace(/^<svg[^>]*><rect[^>]*>/, '').replace('</svg>', '');
  const onGround = (viewBox: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" preserveAspectRatio="xMidYMid meet" style="background: ${ground}">${mark}</svg>`;
  const square = (path: string, size: number, svg: string): Drawing => ({ path, width: size, height: size, svg });
  const drawings: readonly Drawing[] = [
    square('icons/sotto-192.png', 192, rounded),
    square('icons/sotto-512.png', 512, rounded),
    // Systems cut circles and drops out of it: the mark keeps to the middle four fifths.
    square('icons/maskable-192.png', 192, onGround('-5 -4 74 74')),
    square('icons/maskable-512.png', 512, onGround('-5 -4 74 74')),
    // iOS rounds the corners itself.
    square('icons/apple-touch-icon.png', 180, onGround('0 0 64 64')),
    ...splashScreens.map(({ path, width, height }) => {
      const side = (64 * Math.min(width, height)) / (Math.min(width, height) * 0.28);
      return { path, width, height, svg: onGround(`${34 - side / 2} ${32 - side / 2} ${side} ${side}`) };
    }),
  ];
  await rm(join(folder, 'icons/splash'), { recursive: true, force: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  for (const drawing of drawings) await draw(page, drawing);
  await browser.close();
}
