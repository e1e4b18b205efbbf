/** A Blob of the store that the browser has lost, or can no longer read. comlink keeps the name of an exception, not its class. */
export const isUnreadable = (error: unknown): boolean =>
  (error instanceof Error || error instanceof DOMException) && /^Not(Readable|Found)Error$/.test(error.name);
