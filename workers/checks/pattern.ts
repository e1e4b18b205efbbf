import type { Finding } from '../../src/shared/domain/lab/check';
import { failed, passed, undecided } from './finding';

/** Some patterns never end on some texts; nothing here can stop one, so the page ends the whole worker. */
export function matchesPattern(text: string, pattern: string, flags = ''): Finding {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, flags);
  } catch (error) {
    return undecided('pattern-broken', error instanceof Error ? error.message : String(error));
  }
  const match = expression.exec(text);
  return match ? passed(match[0]) : failed('no-match');
}
