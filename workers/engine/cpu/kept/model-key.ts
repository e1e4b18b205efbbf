/**
 * Names a model by its content. Keys and values of one model mean nothing to another, and would be answered from all the same:
 * so a name or an address will not do.
 */
import type { ReadableFile } from '../../../file-content';

/** Of how the kernels lay out a cache (kernels/layer/cache.ts): another layout makes everything that was kept useless. */
const layoutVersion = 1;

/** Where nobody knows the hash of a file: its header, and pieces from all over it, as another training changes all weights. */
const headBytes = 1024 ** 2;
const samples = 64;
const sampleBytes = 16 * 1024;

export async function modelKeyOf(files: readonly ReadableFile[]): Promise<string> {
  const parts = await Promise.all(files.map(async (file) => file.sha256 ?? (await sampledHash(file))));
  return `${layoutVersion} ${parts.join(' ')}`;
}

async function sampledHash({ content }: ReadableFile): Promise<string> {
  const { size } = content;
  const starts = Array.from({ length: samples }, (_, index) => Math.floor((size * (index + 1)) / (samples + 1)));
  const pieces = [
    content.slice(0, Math.min(headBytes, size)),
    ...starts.map((at) => content.slice(at, at + sampleBytes)),
  ];
  const hashes = await Promise.all(
    pieces.map(async (piece) => crypto.subtle.digest('SHA-256', await piece.arrayBuffer())),
  );
  const whole = await crypto.subtle.digest('SHA-256', await new Blob(hashes).arrayBuffer());
  return `${size}:${hex(new Uint8Array(whole))}`;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
