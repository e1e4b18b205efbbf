/**
 * What a library (setimmediate, in jszip) would make for itself, and could not: it takes a worker without `importScripts` for a
 * window, and posts messages to it that go to the page. To be imported before it.
 */
const scope = globalThis as { setImmediate?: (work: () => void) => void };
scope.setImmediate ??= (work) => queueMicrotask(work);

export {};
