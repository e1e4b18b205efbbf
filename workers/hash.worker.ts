/** Entry of the hash thread: SHA-256 of files that come piece by piece, beside the thread that stores them. */
import './restrict-scope';
import { expose } from 'comlink';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import { RunningHashes } from './weights/verify/running-hashes';

recordRequests(new RequestLog('hash'));
expose(new RunningHashes());
