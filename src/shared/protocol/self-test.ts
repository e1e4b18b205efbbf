/** What page and workers say to each other about the self-test: attempts to send something to a foreign host. */
import { GuardError } from '../platform/guard-error';
import { parseUrl } from '../platform/parse-url';

/** The last label is reserved: no such host will ever exist, so that even a broken policy would send nothing to anyone. */
export const selfTestHost = 'sotto-self-test.invalid';

/** Every attempt goes to an address below this, so that the list of requests can tell it from anything else. */
const selfTestFolder = '/sotto-self-test/';

export const isSelfTestAddress = (url: string): boolean => {
  const parsed = parseUrl(url);
  return parsed !== null && (parsed.pathname.startsWith(selfTestFolder) || parsed.hostname === selfTestHost);
};

export const selfTestThreads = ['page', 'engine', 'weights', 'server', 'markdown', 'checks', 'service-worker'] as const;
export type SelfTestThread = (typeof selfTestThreads)[number];

export type SelfTestOutcome =
  /** The security policy stopped it, before anything was sent; the detail names the rule. */
  | 'policy'
  /** The thread has no such function: the browser has none, or Sotto has taken it away. */
  | 'absent'
  /** Sotto's own guard stopped it. */
  | 'guard'
  /** It failed; but nothing tells that it was stopped. */
  | 'unproven'
  /** Something answered. */
  | 'reached'
  /** It cannot be tried here without doing it. */
  | 'untried';

export interface SelfTestRow {
  readonly thread: SelfTestThread;
  /** The name of a function or an element, as developers know it. */
  readonly way: string;
  readonly outcome: SelfTestOutcome;
  /** For engineers; may be empty. */
  readonly detail: string;
}

/**
 * Asked of all workers at once on this channel; each kind of worker answers for itself, in every tab. The service worker may be
 * asleep, and is asked by a message of its own.
 */
export const selfTestChannelName = 'sotto-self-test';

export type SelfTestMessage =
  | { readonly type: 'try'; readonly id: string; readonly target: string }
  | {
      readonly type: 'tried';
      readonly id: string;
      readonly thread: SelfTestThread;
      readonly rows: readonly SelfTestRow[];
    };

/** How long an attempt may take, in ms: what a policy stops is stopped at once. */
const attemptMs = 2000;
/** How long after an attempt the browser may take to report that it stopped it, in ms. */
const reportMs = 150;

/** An attempt to reach an address. Resolves with whether something answered, or whether nobody can know; rejects when it fails. */
type Attempt = (url: string) => Promise<'reached' | 'unclear'>;

export const attemptAddress = (target: string, thread: SelfTestThread, way: string): string =>
  new URL(`${selfTestFolder}${thread}/${encodeURIComponent(way)}`, target).href;

/** Tries one way out and finds out what stopped it. @param attempt null where the thread has no such function */
export async function tryWay(
  target: string,
  thread: SelfTestThread,
  way: string,
  attempt: Attempt | null,
): Promise<SelfTestRow> {
  const row = (outcome: SelfTestOutcome, detail = ''): SelfTestRow => ({ thread, way, outcome, detail });
  if (attempt === null) return row('absent');
  const url = attemptAddress(target, thread, way);
  let rule: string | null = null;
  const hear = ((event: SecurityPolicyViolationEvent): void => {
    // The first report: what is stopped on the way to a failure comes after it.
    if (event.blockedURI.includes(new URL(url).host)) rule ??= event.effectiveDirective;
  }) as EventListener;
  globalThis.addEventListener('securitypolicyviolation', hear);
  try {
    const patience = new Promise<'unclear'>((resolve) => setTimeout(() => resolve('unclear'), attemptMs));
    const end = await Promise.race([attempt(url), patience]).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, reportMs));
    if (rule !== null) return row('policy', rule);
    if (end === 'reached') return row('reached');
    if (end instanceof GuardError) return row('guard', end.message);
    return row('unproven', end instanceof Error ? `${end.name}: ${end.message}` : '');
  } finally {
    globalThis.removeEventListener('securitypolicyviolation', hear);
  }
}
