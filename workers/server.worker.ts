/** Entry of the server worker: the only thread that may send words to a server of the person's own. */
import './guard-server';
import { expose } from 'comlink';
import type { EngineEvent } from '../src/shared/protocol/engine-api';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { answerSelfTest } from './answer-self-test';
import { ServerHost } from './server/server-host';

// What goes to servers is noted where it is sent; the browser's own record has the parts of the app.
recordRequests(new RequestLog('server'), { isNotedElsewhere: (url) => new URL(url).origin !== self.location.origin });
answerSelfTest('server');

const post = (event: EngineEvent): void => self.postMessage({ event } satisfies WorkerEvent<EngineEvent>);

expose(new ServerHost(post));
post({ type: 'ready' });
