/// <reference lib="webworker" />
/** Entry of the worker that tells the encoding of a text: the detector reads files of strangers, and takes its time. */
import './restrict-scope';
import { expose } from 'comlink';
import { rankEncodings } from './text-encoding/rank-encodings';

expose({ rankEncodings });
