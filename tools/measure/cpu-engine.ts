/**
 * Sotto's own CPU engine, in turn in one run with wllama and native llama.cpp. Native llama.cpp is installed on demand, outside of
 * the repository; without it, the rows have no comparison with it:
 *
 *   npm install --prefix <folder> --ignore-scripts node-llama-cpp@3.22.1
 *   SOTTO_NATIVE=<folder>/node_modules npm run measure -- cpu-engine
 *
 * `SOTTO_MEASURE_ALL=1` measures all shapes, types, threads and lengths, which takes an hour and more.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { hasBrowser } from './cpu-engine/browsers';
import { cases, type Case } from './cpu-engine/cases';
import { titles, type Contender, type ContenderName, type OpenOptions } from './cpu-engine/contender';
import { measureFirstVisitBytes } from './cpu-engine/first-visit';
import { measureInTurn } from './cpu-engine/in-turn';
import { modelFile, modelsFolder } from './cpu-engine/models';
import { openNative } from './cpu-engine/native-contender';
import { openInPage } from './cpu-engine/page-contender';
import { servePages, type PageServer } from './cpu-engine/page-server';
import { rowsOf } from './cpu-engine/rows';
import type { Row } from './row';

const dist = join(import.meta.dirname, '../../dist');
const packages = process.env['SOTTO_NATIVE'];

/** Undefined for whoever is not here, with a word. */
function whyNot(name: ContenderName): string | undefined {
  if (name === 'native' && packages === undefined) return 'SOTTO_NATIVE is not set (see tools/measure/cpu-engine.ts)';
  if ((name === 'firefox' || name === 'webkit') && !hasBrowser(name)) return 'it is not installed';
  return undefined;
}

export async function measureCpuEngine(): Promise<readonly Row[]> {
  const missing = new Set(cases.flatMap(({ contenders }) => contenders).filter((name) => whyNot(name) !== undefined));
  for (const name of missing) console.log(`${titles[name]} is not measured: ${whyNot(name)}`);
  const pages = await servePages(dist, modelsFolder);
  try {
    const rows: Row[] = [await measureFirstVisitBytes(dist)];
    for (const one of cases) rows.push(...(await measureCase(one, pages)));
    return rows;
  } finally {
    await pages.close();
  }
}

async function measureCase(one: Case, pages: PageServer): Promise<readonly Row[]> {
  console.log(`  ${one.model} ${one.quantisation}, ${one.threads} threads …`);
  const needed = Math.max(...one.jobs.map(({ kind, tokens, depth }) => (kind === 'prefill' ? tokens : depth + tokens)));
  const options: OpenOptions = {
    file: modelFile(one.model, one.quantisation),
    threads: one.threads,
    // wllama counts what is around the prompt, too.
    contextTokens: needed + 64,
  };
  // Our own work would count from here on: the first case tells how quiet the machine was.
  const loadBefore = loadavg()[0] ?? Number.NaN;
  const contenders: Contender[] = [];
  try {
    for (const name of one.contenders) {
      if (whyNot(name) !== undefined) continue;
      contenders.push(await open(name, pages, options));
    }
    return rowsOf(one, await measureInTurn(one, contenders, loadBefore));
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

function open(name: ContenderName, { origin }: PageServer, options: OpenOptions): Promise<Contender> {
  return name === 'native' ? openNative(packages ?? '', options) : openInPage(name, origin, options);
}
