/** Entry of the weights worker: the only thread that may fetch. */
import { expose } from 'comlink';
import type { WeightsApi } from '../src/contracts/weights';
import { openBuiltInWeights } from './weights/built-in';

expose({ openBuiltIn: openBuiltInWeights } satisfies WeightsApi);
