/**
 * A message that cannot be read may be a call, and would never be answered. As an error of the worker it reaches whoever has
 * started it.
 */
self.addEventListener('messageerror', () => {
  throw new Error('a message to this worker could not be read');
});
