/** What the shelf makes of the models in the store. Loaded with the first of them: most visits begin without any. */
import type { ModelDescriptor } from '../../shared/domain/model';
import { purposeOf } from '../../shared/domain/model-purpose';
import type { StoredModel, TransferProgress } from '../../shared/protocol/weights';
import type { LoadSettingsBook } from '../load/load-settings';
import { libraryState, webLlmVersion } from '../load/model-library';
import { isUsable, storedDescriptor } from './stored-descriptor';
import type { WeightsClient } from './weights-client';

/** Those that are made to be talked to, whether they are here already or on their way. */
export const forChats = (stored: readonly StoredModel[]): readonly StoredModel[] =>
  stored.filter(({ manifest }) => purposeOf(manifest) === 'chat');

/** Those that can be chosen for a chat. */
export const chatModels = (stored: readonly StoredModel[], settings: LoadSettingsBook): readonly ModelDescriptor[] =>
  forChats(stored)
    .filter(isUsable)
    .map((model) => storedDescriptor(model, settings.of(model.manifest.modelId)));

/** Takes libraries into use that were fetched for this version of the app. @returns whether there may be any */
export async function adoptLibraries(stored: readonly StoredModel[], weights: WeightsClient): Promise<boolean> {
  if (!stored.some(({ manifest }) => libraryState(manifest, []).kind === 'outdated')) return false;
  await weights.call((api) => api.adoptLibraries(webLlmVersion));
  return true;
}

/** What is told of a download wherever a person is. */
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
