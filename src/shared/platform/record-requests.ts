/** Notes what the browser itself tells of a thread's requests. Works in the page and in every worker. */
import type { RequestLog, RequestPurpose, RequestRow } from './request-log';
import { isSelfTestAddress } from '../protocol/self-test';
import { parseUrl } from './parse-url';

interface Recording {
  /** What a request of the app's own host is for. */
  readonly purposeOf?: (entry: PerformanceResourceTiming) => RequestPurpose;
  /** Whether another part of the thread notes this address. */
  readonly isNotedElsewhere?: (url: string) => boolean;
}

/** Reports of one address within this time are of one attempt, in ms. */
const sameAttemptMs = 500;

type Figures = Pick<RequestRow, 'bytes' | 'result'>;

/** Null for what this device answered itself: nothing left it. */
export function figuresOf(entry: PerformanceResourceTiming, ownHost: string): Figures | null {
  const { transferSize, decodedBodySize, responseStatus } = entry;
  const url = parseUrl(entry.name);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (transferSize > 0) return { bytes: transferSize, result: responseStatus >= 400 ? 'refused' : 'answered' };
  // From the browser's cache or from the service worker.
  if (decodedBodySize > 0) return null;
  if (url.host !== ownHost) return { bytes: null, result: responseStatus === 0 ? 'failed' : 'answered' };
  // An empty answer of our own host that came without a network, or one that did not come.
  return responseStatus > 0 && responseStatus < 400 ? null : { bytes: 0, result: 'failed' };
}

const isNavigation = (entry: PerformanceResourceTiming): boolean => entry.entryType === 'navigation';

function purposeOfEntry(entry: PerformanceResourceTiming): RequestPurpose {
  if (isNavigation(entry)) return 'page';
  return ['fetch', 'xmlhttprequest'].includes(entry.initiatorType) ? 'data' : 'part';
}

/** From now on, and what has been requested already. */
export function recordRequests(
  log: RequestLog,
  { purposeOf = purposeOfEntry, isNotedElsewhere }: Recording = {},
): void {
  /** When an address was blocked last: two policies report one attempt twice, and the browser calls it a failure besides. */
  const blocked = new Map<string, number>();
  const note = (entry: PerformanceResourceTiming): void => {
    if (isNotedElsewhere?.(entry.name) || blocked.has(entry.name)) return;
    const figures = figuresOf(entry, self.location.host);
    if (figures === null) return;
    const at = Math.round(performance.timeOrigin + entry.startTime);
    log.note(entry.name, { at, purpose: isSelfTestAddress(entry.name) ? 'self-test' : purposeOf(entry), ...figures });
  };
  if ('PerformanceObserver' in globalThis) {
    for (const type of ['navigation', 'resource']) {
      if (!PerformanceObserver.supportedEntryTypes.includes(type)) continue;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) note(entry as PerformanceResourceTiming);
      }).observe({ type, buffered: true });
    }
  }
  globalThis.addEventListener('securitypolicyviolation', ((event: SecurityPolicyViolationEvent) => {
    const { blockedURI } = event;
    // Without an address nothing would have been sent: "inline", "eval".
    if ((parseUrl(blockedURI)?.host ?? '') === '') return;
    const at = Date.now();
    const before = blocked.get(blockedURI) ?? -Infinity;
    blocked.set(blockedURI, at);
    if (Math.abs(at - before) < sameAttemptMs) return;
    const purpose = isSelfTestAddress(blockedURI) ? 'self-test' : 'part';
    log.note(blockedURI, { at, purpose, bytes: 0, result: 'blocked' });
  }) as EventListener);
}
