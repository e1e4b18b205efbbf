/** Entry of the thread that looks for the limits of the GPU: a device of its own, so that the engine's stays as it is. */
import './restrict-scope';
import { expose } from 'comlink';
import { GpuLimit } from './benchmark/gpu/gpu-limit';

expose(new GpuLimit());
