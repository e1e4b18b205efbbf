/** The forms in which a result can leave this device, each made whole before it is shown. */
import type { BenchmarkResult } from '../statistics/result';
import { forLink, packLink } from '../formats/link';
import { llamaBenchCsv, llamaBenchJson, llamaBenchMarkdown } from '../formats/llama-bench-text';
import { forFile, ownJson } from '../formats/own-result';
import { withText } from '../formats/png-text';

export const formNames = ['markdown', 'csv', 'llama-json', 'own-json', 'link', 'picture'] as const;
export type FormName = (typeof formNames)[number];

export interface SharedForm {
  /** What is shown before it is shared: all of it, a picture excepted. */
  readonly text: string;
  readonly file: Blob;
  readonly fileName: string;
  readonly url?: string;
}

/** Speeds of wrong answers are nothing to send around. */
export const isPublic = (form: FormName): boolean => form === 'link' || form === 'picture';

/** @param draw draws the card that goes with a result */
export async function sharedForm(
  form: FormName,
  result: BenchmarkResult,
  label: string,
  draw: (result: BenchmarkResult) => Promise<Blob>,
): Promise<SharedForm> {
  const named = `sotto-benchmark-${result.started.slice(0, 10)}-${result.id.slice(-6)}`;
  const text = (content: string, type: string, extension: string): SharedForm => ({
    text: content,
    file: new Blob([content], { type }),
    fileName: `${named}.${extension}`,
  });
  switch (form) {
    case 'markdown':
      return text(llamaBenchMarkdown(await forFile(result, label)), 'text/markdown', 'md');
    case 'csv':
      return text(llamaBenchCsv(await forFile(result, label)), 'text/csv', 'csv');
    case 'llama-json':
      return text(llamaBenchJson(await forFile(result, label)), 'application/json', 'llama-bench.json');
    case 'own-json':
      return text(ownJson(await forFile(result, label)), 'application/json', 'json');
    case 'link': {
      const url = new URL(`#/benchmark/${await packLink(await forLink(result, label))}`, document.baseURI).href;
      return { ...text(url, 'text/plain', 'txt'), url };
    }
    case 'picture': {
      const linked = await forLink(result, label);
      const packed = await packLink(linked);
      const drawn = new Uint8Array(await (await draw(linked)).arrayBuffer());
      const file = new Blob([withText(drawn, packed)], { type: 'image/png' });
      return { text: packed, file, fileName: `${named}.png` };
    }
  }
}
