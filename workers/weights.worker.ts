/** Entry of the weights worker: the only thread that may fetch. */
import { expose } from 'comlink';
import { WeightsHost } from './weights/weights-host';

expose(new WeightsHost());
