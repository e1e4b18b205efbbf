/** Thrown by guards of our own. */
export class GuardError extends TypeError {
  override readonly name = 'GuardError';
}
