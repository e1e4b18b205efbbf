/** What goes over the line until the first answer of a first visit begins. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { startStaticServer } from '../../../tests/fixtures/static-server';
import { chromiumFlags, findChromium } from '../../browser/find-browsers';
import { visit } from '../first-token';
import { rounded, type Row } from '../row';

const mostBytes = 4.5e6;

/** @param dist the built app */
export async function measureFirstVisitBytes(dist: string): Promise<Row> {
  const server = await startStaticServer({ folder: dist, caching: 'documented', compresses: true });
  const profile = await mkdtemp(join(tmpdir(), 'sotto-first-visit-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: chromiumFlags,
  });
  try {
    let bytes = 0;
    let files: readonly string[] = [];
    await visit(context, server.origin, {
      onFirstWord: () => {
        bytes = server.sentBytes;
        files = [...server.sent];
      },
    });
    return {
      quantity: 'bytes until the first answer of a first visit',
      target: '≤ 4.5 MB',
      measured: `${(bytes / 1e6).toFixed(2)} MB`,
      met: bytes <= mostBytes,
      samples: [rounded(bytes, 4)],
      conditions:
        'a host that compresses with gzip, bodies of all answers, whoever asked for them, until the first word of a Guide answer is in the page; empty profile',
      details: { files },
    };
  } finally {
    await context.close();
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
