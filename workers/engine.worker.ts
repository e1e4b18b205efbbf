/** Entry of the engine worker: takes away what an engine must not have, then exposes the host. */
import './engine/restrict-scope';
import { expose } from 'comlink';
import type { EngineEvent, EngineEventMessage } from '../src/contracts/engine';
import { EngineHost } from './engine/engine-host';
import { createEngine } from './engine/create-engine';

const post = (engineEvent: EngineEvent): void => self.postMessage({ engineEvent } satisfies EngineEventMessage);

expose(new EngineHost(createEngine, post));
post({ type: 'ready' });
