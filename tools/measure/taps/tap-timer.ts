/** Times one tap in the page itself: what the driver takes to send it and to look at the page is no part of it. */
import type { CDPSession, Locator, Page } from '@playwright/test';

/** What a person sees when the tap has done what it is for. */
export interface Sight {
  readonly selector: string;
  /** What an element of the selector has to contain; by default, any will do. */
  readonly text?: string;
  /** It goes away rather than comes. */
  readonly gone?: boolean;
}

export interface TapTime {
  /** From the tap until what was asked for is drawn, in ms; parts of the app that are loaded for it included. */
  readonly shownMs: number;
  /** From the tap to the next frame on the screen, whatever it shows, in ms: the browser tells it in steps of 8, and 0 under 16. */
  readonly nextFrameMs: number;
  /** The longest task of the page's thread since, in ms; 0 where none is over 50. */
  readonly longestTaskMs: number;
}

declare global {
  /** Resolves with the ms from the tap. */
  var shownTap: Promise<number>;
  /** What the browser has told of the tap and of the tasks since. */
  var toldOfTap: () => readonly PerformanceEntry[];
}

/** How much slower than this machine the page's thread is made. */
export const slowdown = 4;
/** The browser tells of a tap some time after it, in ms. */
const tellingMs = 300;
/** For what a tap never shows, in ms. */
const patienceMs = 10_000;
const restMs = 100;

/** Runs in the page: `shownTap` is kept as soon as the next tap has shown what is looked for. */
function watchNextTap({ selector, text, gone = false, patience }: Sight & { readonly patience: number }): void {
  let startedAt: number | null = null;
  const heard = new AbortController();
  for (const kind of ['pointerup', 'keydown', 'input'] as const) {
    const start = ({ timeStamp }: Event): void => {
      startedAt = timeStamp;
      heard.abort();
    };
    addEventListener(kind, start, { capture: true, signal: heard.signal });
  }
  const entries: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => void entries.push(...list.getEntries()));
  observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  observer.observe({ type: 'longtask' });
  // The browser rounds its own times.
  globalThis.toldOfTap = () => entries.filter(({ startTime }) => startTime >= (startedAt ?? Infinity) - 1);
  const isShown = (): boolean => {
    const found = [...document.querySelectorAll(selector)];
    return found.some(({ textContent }) => text === undefined || textContent.includes(text)) !== gone;
  };
  globalThis.shownTap = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The tap did not show ${selector}`)), patience);
    const look = (): void => {
      if (startedAt === null || !isShown()) return void requestAnimationFrame(look);
      const from = startedAt;
      // A frame begins when what is to be drawn in it is there; a message comes when it has been drawn.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (): void => resolve(performance.now() - from);
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
}

/** Runs in the page. */
const longestTold = (type: string): number =>
  Math.max(
    0,
    ...globalThis
      .toldOfTap()
      .filter(({ entryType }) => entryType === type)
      .map(({ duration }) => duration),
  );

export class TapTimer {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<TapTimer> {
    return new TapTimer(page, await page.context().newCDPSession(page));
  }

  /** @param press what sends the one tap or key, while the page's thread is slow */
  async time(press: () => Promise<unknown>, sight: Sight): Promise<TapTime> {
    await this.session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    try {
      await this.page.evaluate(watchNextTap, { ...sight, patience: patienceMs });
      await press();
      const shownMs = await this.page.evaluate(() => globalThis.shownTap);
      await this.page.waitForTimeout(tellingMs);
      const [nextFrameMs, longestTaskMs] = await Promise.all([
        this.page.evaluate(longestTold, 'event'),
        this.page.evaluate(longestTold, 'longtask'),
      ]);
      return { shownMs, nextFrameMs, longestTaskMs };
    } finally {
      await this.session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    }
  }

  /** A finger in the middle of an element. */
  async tap(target: Locator, sight: Sight): Promise<TapTime> {
    const { x, y } = await this.#placeOf(target);
    return this.time(() => this.page.touchscreen.tap(x, y), sight);
  }

  /** Where it is once nothing moves any more: what is above it gets its height when it comes into view. */
  async #placeOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
    let before = '';
    for (let waited = 0; waited < patienceMs; waited += restMs) {
      await target.scrollIntoViewIfNeeded();
      const box = await target.boundingBox();
      if (box && before === JSON.stringify(box)) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      before = JSON.stringify(box);
      await this.page.waitForTimeout(restMs);
    }
    throw new Error(`It does not come to rest: ${String(target)}`);
  }
}
