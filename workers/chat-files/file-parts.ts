/** From a file to what it holds: one part after the other, never the whole of it. */
import type { ChatFileFormat } from '../../src/shared/protocol/chat-files';
import { markedEncoding } from '../../src/shared/domain/text-encoding';
import { pieceStream } from '../file-content';
import { lineFormatOf, readValue } from './formats';
import { deepest, linesOf, nestingOf, valuesOf, type Piece } from './json-scanner';
import { LlamaCppLines } from './llama-cpp-lines';
import type { LineReader, Reading } from './reading';
import { SottoLines } from './sotto-lines';
import { isZip, zipEntries } from '../zip-entries';

export interface FilePart {
  readonly format: ChatFileFormat | null;
  readonly newer: boolean;
  readonly reading: Reading;
  /** About so many characters of the file made it. */
  readonly size: number;
}

/** A first line longer than this is not the header of anything. */
const longestHead = 4 * 1024 * 1024;

/** The text of a file, piece by piece. */
class FileText {
  /** Something in it was no text, and is shown as �. */
  damaged = false;

  constructor(
    private readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    private readonly read: (bytes: number) => void,
  ) {}

  async *pieces(): AsyncGenerator<string> {
    const reader = this.stream.getReader();
    let part = await reader.read();
    // Some programs save what they opened again in UTF-16.
    const encoding = markedEncoding(part.value ?? new Uint8Array()) ?? 'utf-8';
    const decoder = new TextDecoder(encoding);
    const strict = new TextDecoder(encoding, { fatal: true });
    for (; !part.done; part = await reader.read()) {
      this.read(part.value.length);
      this.#check(strict, part.value);
      yield decoder.decode(part.value, { stream: true });
    }
    yield decoder.decode();
  }

  /** Only a decoder that stops there tells a broken place from a � that somebody wrote. */
  #check(strict: TextDecoder, bytes: Uint8Array): void {
    if (this.damaged) return;
    try {
      strict.decode(bytes, { stream: true });
    } catch {
      this.damaged = true;
    }
  }
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

async function* putBack(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** The first line that is not empty, and all that was read with it. */
async function headOf(chunks: AsyncIterator<string>): Promise<{ readonly line: string; readonly all: string }> {
  const parts: string[] = [];
  let length = 0;
  let begun = false;
  while (length < longestHead) {
    const { value, done } = await chunks.next();
    if (done) break;
    parts.push(value);
    length += value.length;
    const from: number = begun ? 0 : value.search(/\S/);
    begun ||= from !== -1;
    if (begun && value.includes('\n', Math.max(0, from))) break;
  }
  const all = parts.join('');
  const start = Math.max(0, all.search(/\S/));
  const end = all.indexOf('\n', start);
  return { line: all.slice(start, end === -1 ? undefined : end).trim(), all };
}

const sizeOf = (piece: Piece): number => ('text' in piece ? piece.text.length : 0);

async function* recordsOf(
  pieces: AsyncIterable<Piece>,
  format: 'sotto' | 'llama-cpp',
  newer: boolean,
): AsyncGenerator<FilePart> {
  const reader: LineReader = format === 'sotto' ? new SottoLines() : new LlamaCppLines();
  let isHeader = format === 'sotto';
  const part = (reading: Reading, size: number): FilePart => ({ format, newer, reading, size });
  for await (const piece of pieces) {
    if (isHeader) {
      isHeader = false;
      yield part({}, 0);
      continue;
    }
    const readings = await recordReadings(piece, reader);
    // Told of even when it waits for more: what is read in between takes memory, too.
    yield part({}, sizeOf(piece));
    for (const reading of readings) yield part(reading, 0);
  }
  for (const reading of await reader.end()) yield part(reading, 0);
}

async function recordReadings(piece: Piece, reader: LineReader): Promise<readonly Reading[]> {
  const { place } = piece;
  if ('problem' in piece) return [{ broken: [piece] }];
  if (nestingOf(piece.text) > deepest) return [{ broken: [{ place, problem: 'nested-too-deeply' }] }];
  const record = parsed(piece.text);
  return record.ok ? reader.take(record.value, piece.text, place) : [{ broken: [{ place, problem: 'not-json' }] }];
}

async function* valueParts(pieces: AsyncIterable<Piece>): AsyncGenerator<FilePart> {
  for await (const piece of pieces) {
    const size = sizeOf(piece);
    const { place } = piece;
    if ('problem' in piece) {
      yield { format: null, newer: false, reading: { broken: [piece] }, size };
      continue;
    }
    const value = nestingOf(piece.text) > deepest ? null : parsed(piece.text);
    if (!value?.ok) {
      const problem = value === null ? 'nested-too-deeply' : 'not-json';
      yield { format: null, newer: false, reading: { broken: [{ place, problem }] }, size };
      continue;
    }
    const { format, readings } = await readValue(value.value, place);
    yield { format, newer: false, reading: {}, size };
    for (const reading of readings) yield { format, newer: false, reading, size: 0 };
  }
}

async function* textParts(text: FileText): AsyncGenerator<FilePart> {
  const chunks = text.pieces();
  const { line, all } = await headOf(chunks);
  const whole = putBack(all, chunks);
  const first = parsed(line);
  const lines = first.ok ? lineFormatOf(first.value) : null;
  if (lines) yield* recordsOf(linesOf(whole), lines.format, lines.newer);
  // One conversation a line, of any program; unless the line is all there is, perhaps a list.
  else if (first.ok && !Array.isArray(first.value) && all.trim() !== line) yield* valueParts(linesOf(whole));
  else yield* valueParts(valuesOf(whole));
  if (text.damaged)
    yield { format: null, newer: false, reading: { broken: [{ place: 1, problem: 'not-utf-8' }] }, size: 0 };
}

/** @param read told how many bytes of the file have been read since it was told last */
export async function* fileParts(file: Blob, read: (bytes: number) => void): AsyncGenerator<FilePart> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (!isZip(head)) {
    yield* textParts(new FileText(pieceStream(file), read));
    return;
  }
  for await (const entry of zipEntries(file)) {
    if (!/\.(json|jsonl|ndjson)$/i.test(entry.name)) continue;
    let anything = false;
    for await (const part of textParts(new FileText(entry.stream(), () => {}))) {
      anything ||= part.format !== null;
      // An archive has other lists beside that of the chats: of those nobody wants to hear.
      if (!anything && part.reading.broken) continue;
      const broken = part.reading.broken?.map((one) => ({ ...one, file: entry.name }));
      yield broken ? { ...part, reading: { ...part.reading, broken } } : part;
    }
  }
}
