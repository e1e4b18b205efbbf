/** Entry of the hash thread: SHA-256 of files that come piece by piece, beside the thread that stores them. */
import './restrict-scope';
import { expose } from 'comlink';
import { RunningHashes } from './weights/verify/running-hashes';

expose(new RunningHashes());
