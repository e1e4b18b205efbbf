/** Entry of the weights worker: the only thread that may fetch. */
import './guard-weights';
import { expose } from 'comlink';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import { answerSelfTest } from './answer-self-test';
import { isNotedHere } from './weights/weights-fetch';
import { WeightsHost } from './weights/weights-host';

recordRequests(new RequestLog('weights'), { isNotedElsewhere: isNotedHere });
answerSelfTest('weights');
expose(new WeightsHost());
