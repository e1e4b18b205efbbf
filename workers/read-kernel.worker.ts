/** Entry of a thread that measures how fast memory can be read. */
import './restrict-scope';
import { expose } from 'comlink';
import { ReadKernel } from './benchmark/memory/read-kernel';

expose(new ReadKernel());
