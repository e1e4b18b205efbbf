/** A result as a link: all of it lies behind the "#", which no browser sends to any server. */
import { FailureError } from '../../shared/protocol/failure';
import { resultLayout, type BenchmarkResult, type ResultRep, type ResultTest } from '../statistics/result';
import { rateFigures, type RateFigures } from '../statistics/test-summary';
import { fromBase64Url, toBase64Url } from './base64';
import { withHash } from './result-hash';
import { deflate, inflate } from './deflate';
import { linkNames, unwrapped, type Rule } from './link-names';
import { checkedResult, forFile, judged, type ReadResult } from './own-result';

/** Of the packed form; the first thing in it. */
const linkVersion = 1;
/** What follows "#/benchmark/". */
export const linkMark = 'r=';
/** Longer ones are no links of ours: the longest result takes a third of it. */
const longestLink = 24_000;
const mostUnpacked = 512 * 1024;

/** For a link or a picture: without single tokens, and without what only helps to find out why something went wrong. */
export async function forLink(result: BenchmarkResult, label?: string): Promise<BenchmarkResult> {
  const file = await forFile(result, label);
  const tests = file.tests.map((test): ResultTest => {
    const reps = test.reps.map(shortRep);
    return { ...test, reps, ...rateFigures(reps) };
  });
  const env = { ...file.env, canary_read: [], canary_cpu: [], disturbances: [], pressure: [] };
  const ceiling = file.ceiling && { ...file.ceiling, sweep: [] };
  return withHash(rounded({ ...file, tests, env, ceiling }) as BenchmarkResult);
}

function shortRep(rep: ResultRep): ResultRep {
  const { valid, reasons, tags, order, t_start, n, ns, ttft_ms } = rep;
  const ts = rateOf(n, ns);
  const rough = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)));
  return {
    valid,
    reasons,
    tags,
    order,
    t_start,
    n,
    ns,
    ts,
    ttft_ms: rough(ttft_ms),
    user_ts: rough(rep.user_ts),
    canary_ms: 0,
    engine: null,
  };
}

const rateOf = (tokens: number, nanoseconds: number): number | null =>
  tokens > 0 && nanoseconds > 0 ? (1e9 * tokens) / nanoseconds : null;

/** Six digits are more than anything here is known to; rates follow from counts and times, and stay exact. */
function rounded(value: unknown, name = ''): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) || exactNames.has(name) ? value : Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map((entry) => rounded(entry, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [
      key,
      rounded(content, key === 'drift' || name === 'drift' ? 'drift' : key),
    ]),
  );
}

/** What is computed anew when a link is read. */
const figureNames: ReadonlySet<string> = new Set([
  'median_ts',
  'mean_ts',
  'stddev_ts',
  'min_ts',
  'max_ts',
  'ci95_ts',
  'ttft_ms',
  'user_ts',
  'drift',
] satisfies (keyof RateFigures)[]);
const exactNames: ReadonlySet<string> = new Set([...figureNames, 'ts', 't_start']);

/** @param result as `forLink` made it. @returns what follows "#/benchmark/" */
export async function packLink(result: BenchmarkResult): Promise<string> {
  const without = (value: object, left: (name: string) => boolean): object =>
    Object.fromEntries(Object.entries(value).filter(([name]) => !left(name)));
  const tests = result.tests.map((test) => ({
    ...without(test, (name) => figureNames.has(name) || name === 'name'),
    reps: test.reps.map((rep) => without(rep, (name) => name === 'ts')),
  }));
  const packed = { v: linkVersion, ...(pack({ ...result, tests }) as object) };
  return linkMark + toBase64Url(await deflate(new TextEncoder().encode(JSON.stringify(packed))));
}

/** @throws FailureError `result-unreadable` or `result-newer`; nothing else, whatever it is given */
export async function readLink(text: string): Promise<ReadResult> {
  const payload = text.slice(text.indexOf(linkMark) + linkMark.length);
  if (payload.length > longestLink) throw unreadable(`a link of ${payload.length} characters`);
  let packed: unknown;
  try {
    packed = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(await inflate(fromBase64Url(payload), mostUnpacked)),
    );
  } catch (error) {
    throw unreadable(String(error));
  }
  const version = (packed as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > linkVersion)
    throw new FailureError({ kind: 'result-newer', technical: `link ${version}`, subject: `link ${version}` });
  const data = unpack(packed, resultLayout) as { tests?: unknown } | null;
  if (Array.isArray(data?.tests)) data.tests = data.tests.map(completeTest);
  const read = checkedResult(data);
  return judged({ ...read, tests: read.tests.map((test) => ({ ...test, ...rateFigures(test.reps) })) });
}

const unreadable = (technical: string): FailureError => new FailureError({ kind: 'result-unreadable', technical });

/** Names become numbers; what is null or an empty list is left out, since the layout tells that it must be there. */
function pack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([, content]) => content !== null && content !== undefined && !(Array.isArray(content) && content.length === 0),
      )
      .map(([name, content]) => [shortName(name), pack(content)]),
  );
}

function shortName(name: string): string {
  const place = linkNames.indexOf(name);
  // Counts of threads are names, too, and numbers already.
  return place === -1 ? `=${name}` : place.toString(36);
}

const longName = (short: string): string =>
  short.startsWith('=') ? short.slice(1) : (linkNames[/^[0-9a-z]{1,2}$/.test(short) ? parseInt(short, 36) : -1] ?? '');

/** Deeper than anything of ours; a hostile nest would exhaust the stack. */
const mostDepth = 12;

function unpack(value: unknown, rule: Rule | undefined, depth = 0): unknown {
  if (depth > mostDepth) throw unreadable('nested too deeply');
  const { entries = {}, item, items } = rule ? unwrapped(rule) : {};
  if (Array.isArray(value)) return value.map((entry, index) => unpack(entry, items?.[index] ?? item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const read = new Map<string, unknown>();
  for (const [short, content] of Object.entries(value)) {
    const name = longName(short);
    read.set(name, unpack(content, Object.hasOwn(entries, name) ? entries[name] : undefined, depth + 1));
  }
  for (const [name, { type }] of Object.entries(entries)) {
    if (read.has(name)) continue;
    if (type === 'nullable') read.set(name, null);
    else if (type === 'array') read.set(name, []);
  }
  return Object.fromEntries(read);
}

function completeTest(test: unknown): unknown {
  if (typeof test !== 'object' || test === null) return test;
  const { kind, n_prompt: prompt, n_gen: generated, n_depth: depth } = test as Record<string, unknown>;
  const tokens = kind === 'pp' ? prompt : generated;
  const name = `${String(kind)}${String(tokens)}${depth === 0 ? '' : ` @ d${String(depth)}`}`;
  const { reps } = test as { reps?: unknown };
  return { ...test, name, ...(Array.isArray(reps) && { reps: reps.map(completeRep) }) };
}

function completeRep(rep: unknown): unknown {
  if (typeof rep !== 'object' || rep === null) return rep;
  const { n, ns } = rep as Record<string, unknown>;
  return { ...rep, ts: rateOf(Number(n), Number(ns)) };
}
