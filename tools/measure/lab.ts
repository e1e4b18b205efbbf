/** What a run of the Lab loses between two answers: by storing, and by all that is done before the next question is asked. */
import { chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { median, rounded, roundedAll, type Row } from './row';

const runs = 3;

interface Times {
  /** From asking to the whole answer, as the page sees it. */
  readonly answers: number[];
  /** From the whole answer to the next question. */
  readonly gaps: number[];
  /** Of these, from the call that writes an answer to its being stored. */
  readonly stores: number[];
}

declare global {
  var labTimes: Times;
}

/** Runs in the page before anything else: notes when the engine is asked, when it has answered, and when answers are stored. */
function watchRun(): void {
  const times: Times = { answers: [], gaps: [], stores: [] };
  globalThis.labTimes = times;
  let asked = { id: '', at: 0 };
  let answeredAt: number | null = null;
  const post = Worker.prototype.postMessage as (this: Worker, message: unknown, options?: unknown) => void;
  const watched = new WeakSet<Worker>();
  Worker.prototype.postMessage = function (this: Worker, message: unknown, options?: unknown): void {
    const call = message as { readonly id?: string; readonly type?: string; readonly path?: readonly string[] } | null;
    if (call?.id !== undefined && call.path?.at(-1) === 'generate') {
      const at = performance.now();
      if (answeredAt !== null) times.gaps.push(at - answeredAt);
      asked = { id: call.id, at };
      answeredAt = null;
      if (!watched.has(this)) {
        watched.add(this);
        this.addEventListener('message', ({ data }: MessageEvent<{ readonly id?: string } | null>) => {
          if (data?.id !== asked.id || answeredAt !== null) return;
          answeredAt = performance.now();
          times.answers.push(answeredAt - asked.at);
        });
      }
    }
    post.call(this, message, options);
  };
  const transact = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given): IDBTransaction {
    const begunAt = performance.now();
    const transaction = transact.apply(this, given);
    const [stores, mode] = given;
    const names = typeof stores === 'string' ? [stores] : [...stores];
    // That of a new run has its set as well.
    if (mode === 'readwrite' && names.includes('labAnswers') && !names.includes('labSets'))
      transaction.addEventListener('complete', () => times.stores.push(performance.now() - begunAt));
    return transaction;
  };
}

export async function measureLab(origin: string): Promise<readonly Row[]> {
  const all: Times = { answers: [], gaps: [], stores: [] };
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  for (let run = 0; run < runs; run += 1) {
    const page = await browser.newPage();
    await page.addInitScript(watchRun);
    await page.goto(`${origin}/#/lab`);
    await page.getByRole('link', { name: 'Arithmetic and word problems' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Finished', { exact: true }).waitFor({ timeout: 180_000 });
    const times = await page.evaluate(() => globalThis.labTimes);
    all.answers.push(...times.answers);
    all.gaps.push(...times.gaps);
    all.stores.push(...times.stores);
    await page.close();
  }
  await browser.close();
  const storing = median(all.stores);
  return [
    {
      quantity: 'storing an answer in the Lab, median',
      target: '≤ 5 ms',
      measured: `${rounded(storing)} ms`,
      met: storing <= 5,
      samples: roundedAll(all.stores),
      conditions: `${runs} runs of the 40 arithmetic problems on the Guide; from the call that writes an answer to its being stored, after which the next question is asked`,
      details: {
        answers: all.answers.length,
        answerMsMedian: rounded(median(all.answers)),
        fromAnswerToNextQuestionMsMedian: rounded(median(all.gaps)),
      },
    },
  ];
}
