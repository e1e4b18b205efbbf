/** Intervals between tokens, small enough to keep all of them: 16 bits each, deflated, as text. */
import { fromBase64, toBase64 } from '../../shared/platform/base64';
import { deflate, inflate } from '../formats/deflate';

export interface TokenSeries {
  readonly itl_us_b64: string;
  readonly itl_unit_us: number;
}

const most = 0xffff;
/** The finest of these in which the longest interval can be written; µs. */
const units = [10, 100, 1000, 10_000];
/** Of hostile files: more tokens than any run makes. */
const mostBytes = 2 * 1024 * 1024;

export async function encodeSeries(intervals: readonly number[]): Promise<TokenSeries> {
  const longest = Math.max(0, ...intervals);
  const unit = units.find((candidate) => (longest * 1000) / candidate <= most) ?? 10_000;
  const view = new DataView(new ArrayBuffer(intervals.length * 2));
  intervals.forEach((interval, index) =>
    view.setUint16(index * 2, Math.min(most, Math.max(0, Math.round((interval * 1000) / unit))), true),
  );
  return { itl_us_b64: toBase64(await deflate(new Uint8Array(view.buffer))), itl_unit_us: unit };
}

/** In ms. @throws Error for what is no such text */
export async function decodeSeries({ itl_us_b64: text, itl_unit_us: unit }: TokenSeries): Promise<number[]> {
  const bytes = await inflate(fromBase64(text), mostBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from(
    { length: Math.floor(bytes.byteLength / 2) },
    (_, index) => (view.getUint16(index * 2, true) * unit) / 1000,
  );
}
