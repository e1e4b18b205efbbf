/// <reference lib="webworker" />
/** Entry of the worker that tells the encoding of a text: the detector reads files of strangers, and takes its time. */
import './restrict-scope';
import { rankEncodings } from './text-encoding/rank-encodings';

self.onmessage = ({ data }: MessageEvent<Uint8Array>): void => self.postMessage(rankEncodings(data));
