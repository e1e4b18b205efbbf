/** Recognises what a person brings, by what is in it and not by its name. */
import { FailureError } from '../../shared/protocol/failure';
import { markedEncoding } from '../../shared/domain/text-encoding';
import type { BenchmarkResult } from '../statistics/result';
import { rowsFromCsv, rowsFromJson, rowsFromMarkdown, type ForeignRow } from './foreign-rows';
import { linkMark, readLink } from './link';
import { isOwnResult, readOwnResult } from './own-result';
import { isPng, textIn } from './png-text';

export type Imported =
  | {
      readonly kind: 'own';
      readonly result: BenchmarkResult;
      /** Its hash is right: it is as it was made, by whomever. */
      readonly untouched: boolean;
    }
  | { readonly kind: 'foreign'; readonly rows: readonly ForeignRow[] };

/** A Standard result takes a hundredth of it, a picture a tenth. */
const mostBytes = 8 * 1024 ** 2;

const unreadable = (technical: string): FailureError => new FailureError({ kind: 'result-unreadable', technical });

/** @throws FailureError `result-unreadable` or `result-newer` */
export async function readImportedFile(file: Blob): Promise<Imported> {
  if (file.size > mostBytes) throw unreadable(`${file.size} bytes`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  // What PowerShell writes into a file is UTF-16.
  if (!isPng(bytes)) return readImportedText(new TextDecoder(markedEncoding(bytes) ?? 'utf-8').decode(bytes));
  const text = textIn(bytes);
  if (text === null) throw unreadable('a picture without a result in it');
  return own(await readLink(text));
}

/** @throws FailureError `result-unreadable` or `result-newer` */
export async function readImportedText(text: string): Promise<Imported> {
  if (text.length > mostBytes) throw unreadable(`${text.length} characters`);
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (/^[[{]/.test(trimmed)) return readJson(trimmed);
  if (/^(https?:|#)/.test(trimmed) && trimmed.includes(`/benchmark/${linkMark}`)) return own(await readLink(trimmed));
  const rows = /^"?build_commit"?,/.test(trimmed) ? rowsFromCsv(trimmed) : rowsFromMarkdown(trimmed);
  return foreign(rows);
}

async function readJson(text: string): Promise<Imported> {
  const data = parse(text) ?? parseLines(text);
  if (data === null) throw unreadable('no JSON');
  if (isOwnResult(data)) return own(await readOwnResult(data));
  return foreign(rowsFromJson(data));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function parseLines(text: string): unknown[] | null {
  const entries = text
    .split(/\r?\n/)
    .filter((entry) => entry.trim() !== '')
    .map(parse);
  return entries.includes(null) ? null : entries;
}

const own = ({ result, untouched }: { result: BenchmarkResult; untouched: boolean }): Imported => ({
  kind: 'own',
  result,
  untouched,
});

function foreign(rows: readonly ForeignRow[]): Imported {
  if (rows.length === 0) throw unreadable('no row with a rate');
  return { kind: 'foreign', rows };
}
