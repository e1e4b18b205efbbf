/// <reference lib="webworker" />
/** Entry of the worker that prepares pictures: decoders read files of strangers, and a large photograph takes a second. */
import './restrict-scope';
import { expose } from 'comlink';
import { failed } from '../src/shared/protocol/failure';
import type { PicturesApi } from '../src/shared/protocol/pictures';
import { drawPicture, type MakeCanvas } from '../src/shared/platform/draw-picture';

const makeCanvas: MakeCanvas = (width, height) => {
  if (!('OffscreenCanvas' in self)) return null;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  return context && { context, encode: (type, quality) => canvas.convertToBlob({ type, ...(quality && { quality }) }) };
};

const api: PicturesApi = {
  async prepare(file, name) {
    try {
      return await drawPicture(file, name, makeCanvas);
    } catch (error) {
      return failed('attachment-unreadable', String(error), { subject: name });
    }
  },
};
expose(api);
