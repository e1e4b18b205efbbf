import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { serveApp } from '../browser/served-app';
import { measureAgainstNative } from './benchmark/against-native';
import { measureEngineClock } from './benchmark/engine-clock';
import { measureObserverEffect } from './benchmark/observer-effect';
import { writeReport } from './benchmark/report';
import { measureConversations } from './conversations';
import { measureCpuEngine } from './cpu-engine';
import { isTrial as isCpuTrial } from './cpu-engine/cases';
import { measureCrash } from './crash';
import { measureDocuments } from './documents';
import { measureFirstToken } from './first-token';
import { measureImport } from './import';
import { measureLab } from './lab';
import { measureLongConversation } from './long-conversation';
import { measurePageScript } from './page-script';
import { spreadOf, type Row } from './row';
import { measureSearch } from './search';
import { measureSlowLine } from './slow-line';
import { measureTaps } from './taps';
import { measureWeightsDownloadLimited, measureWeightsDownloadUnlimited } from './weights/download';
import { measureWeightsKilled } from './weights/killed';
import { measureWeightsRead } from './weights/read';
import { isTrial } from './weights/scale';
import { measureWebLlmDecode, measureWebLlmLoad } from './webllm';
import { measureWholeApp } from './whole-app';
import { measureWorkPerToken } from './work-per-token';

const file = 'tests/measurements.json';
const port = 4275;

/** In the order of the design's table. */
const ofTheApp: Record<string, (origin: string) => Promise<readonly Row[]>> = {
  'page-script': measurePageScript,
  'first-token': measureFirstToken,
  'slow-line': measureSlowLine,
  'cpu-engine': measureCpuEngine,
  'whole-app': measureWholeApp,
  'work-per-token': measureWorkPerToken,
  taps: measureTaps,
  crash: measureCrash,
  conversations: measureConversations,
  'long-conversation': measureLongConversation,
  'benchmark-engine-clock': measureEngineClock,
  'benchmark-observer': measureObserverEffect,
  'benchmark-native': measureAgainstNative,
  search: measureSearch,
  import: measureImport,
  lab: measureLab,
  documents: measureDocuments,
};

/** These build an app of their own, which may also fetch from the hub of the tests. */
const ofWeights: Record<string, () => Promise<readonly Row[]>> = {
  'weights-read': measureWeightsRead,
  'weights-download-limited': measureWeightsDownloadLimited,
  'weights-download-unlimited': measureWeightsDownloadUnlimited,
  'weights-killed': measureWeightsKilled,
};

/** These need weights and a library that are not here: a folder is named, or they are left out. */
const ofWebLlm: Record<string, () => readonly Row[]> = {
  'webllm-load': measureWebLlmLoad,
  'webllm-decode': measureWebLlmDecode,
};

interface Report {
  machine: Record<string, unknown>;
  rows: (Row & { readonly measuredAt: string })[];
}

async function machine(): Promise<Record<string, unknown>> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const version = browser.version();
  await browser.close();
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model,
    browser: `Chromium ${version}, headless`,
    node: process.version,
  };
}

function print(rows: readonly Row[]): void {
  const table = rows.map(({ quantity, target, measured, met, samples }) => [
    quantity,
    target,
    measured,
    met ? 'yes' : 'NO',
    `${samples.length}`,
    samples.length > 1 ? spreadOf(samples) : '',
  ]);
  const head = ['quantity', 'target', 'measured', 'met?', 'n', 'spread'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...table.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...table.map(line)].join('\n'));
}

/** Puts rows into the file, in the place of older ones of the same quantities. */
async function keep(rows: readonly Row[]): Promise<void> {
  const before: Report['rows'] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report).rows : [];
  const measuredAt = new Date().toISOString();
  const replaced = new Set(rows.map(({ quantity }) => quantity));
  const kept = before.filter(({ quantity }) => !replaced.has(quantity));
  const report: Report = { machine: await machine(), rows: [...kept, ...rows.map((row) => ({ ...row, measuredAt }))] };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/**
 * @param wanted names of measurements; none for all
 * @returns whether all targets were met
 */
export async function main(wanted: readonly string[]): Promise<boolean> {
  // No quantity: it reads those that were measured, and runs the tests.
  if (wanted.length === 1 && wanted[0] === 'benchmark-report') return writeReport(await machine());
  const names = [...Object.keys(ofTheApp), ...Object.keys(ofWeights), ...Object.keys(ofWebLlm)];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`No such measurement: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
  const rows: Row[] = [];
  const take = async (name: string, measure: () => Promise<readonly Row[]>, isKept: boolean): Promise<void> => {
    console.log(`measuring ${name} …`);
    const fresh = await measure();
    rows.push(...fresh);
    // After each one: all of them take minutes, and what has been measured must not be lost with a later one.
    if (isKept) await keep(fresh);
    else console.log(JSON.stringify(fresh, null, 2));
  };
  if (Object.keys(ofTheApp).some(isWanted)) {
    const app = await serveApp(port);
    for (const [name, measure] of Object.entries(ofTheApp))
      if (isWanted(name)) await take(name, () => measure(app.origin), name !== 'cpu-engine' || !isCpuTrial);
    await app.close();
  }
  for (const [name, measure] of Object.entries(ofWeights)) if (isWanted(name)) await take(name, measure, !isTrial);
  for (const [name, measure] of Object.entries(ofWebLlm))
    if (isWanted(name)) await take(name, () => Promise.resolve(measure()), true);
  print(rows);
  return rows.every(({ met }) => met);
}
