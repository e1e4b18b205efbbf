/** What a load that is running does, in a few words. */
import type { LoadProgress } from '../shared/protocol/engine';
import { formatBytes, formatCount, formatPercent } from './formatting';
import { m } from './paraglide/messages.js';

/** @param stage trying both backends and checking the answers are no part of the load itself */
export function loadText(stage: 'loading' | 'trying' | 'checking', progress: LoadProgress | null): string {
  if (stage === 'trying') return m.load_trying();
  if (stage === 'checking') return m.load_checking();
  if (progress === null || progress.totalBytes === 0) return '';
  const bytes = { loaded: formatBytes(progress.loadedBytes), total: formatBytes(progress.totalBytes) };
  return `${formatPercent(progress.fraction)} · ${phaseText(progress, bytes)}`;
}

function phaseText(
  { phase, programs }: LoadProgress,
  bytes: { readonly loaded: string; readonly total: string },
): string {
  if (phase === 'compiling' && programs)
    return m.load_compiling({ done: formatCount(programs.done), total: formatCount(programs.total) });
  return phase === 'reading' ? m.load_reading(bytes) : m.load_uploading(bytes);
}
