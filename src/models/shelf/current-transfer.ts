/** What is told of a download wherever a person is. */
import type { StoredModel, TransferProgress } from '../../shared/protocol/weights';

export interface CurrentTransfer {
  readonly modelId: string;
  readonly name: string;
  /** 0 to 1 */
  readonly fraction: number;
  readonly state: 'running' | 'paused' | 'stopped' | 'ready';
}

/** The models of this device, and how far their downloads are. */
interface Transfers {
  readonly stored: readonly StoredModel[];
  progressOf(modelId: string): TransferProgress | undefined;
}

/**
 * The download that matters most: one that runs, else one that a failure has stopped or that is done, else one that waits.
 * @param ended models whose download has come to an end on this visit and that have not been used or looked at since
 */
export function currentTransfer(shelf: Transfers, ended: ReadonlySet<string>): CurrentTransfer | null {
  const told = shelf.stored.flatMap(({ manifest: { modelId, name }, state, storedBytes, bytes }): CurrentTransfer[] => {
    const progress = shelf.progressOf(modelId);
    const received = progress?.receivedBytes ?? storedBytes;
    const common = { modelId, name, fraction: bytes > 0 ? Math.min(1, received / bytes) : 0 };
    if (state === 'downloading' || (state === 'copying' && progress)) return [{ ...common, state: 'running' }];
    if (state === 'paused') return [{ ...common, state: 'paused' }];
    if (!ended.has(modelId)) return [];
    if (state === 'failed') return [{ ...common, state: 'stopped' }];
    return state === 'ready' ? [{ ...common, state: 'ready' }] : [];
  });
  const order = ['running', 'stopped', 'ready', 'paused'] as const;
  return [...told].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0] ?? null;
}
