/** Entry of the engine worker: takes away what an engine must not have, then exposes the host. */
import './restrict-scope';
import { expose } from 'comlink';
import type { EngineEvent } from '../src/shared/protocol/engine-api';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { answerSelfTest } from './answer-self-test';
import { countGpuWork } from './benchmark/gpu-counter';
import { EngineHost } from './engine/engine-host';
import { createEngine } from './engine/create-engine';
import { nestedWorkerWay } from './engine/nested-worker-way';
import { withStoredFiles } from './weights/store/open-model';
import { WeightsStore } from './weights/store/weights-store';

recordRequests(new RequestLog('engine'));
answerSelfTest('engine', [nestedWorkerWay]);

const post = (event: EngineEvent): void => self.postMessage({ event } satisfies WorkerEvent<EngineEvent>);

const store = new WeightsStore();

expose(new EngineHost(createEngine, post, (modelId, work) => withStoredFiles(store, modelId, work), countGpuWork()));
post({ type: 'ready' });
