import { flushSync } from 'svelte';
import type { LabAnswer } from '../../shared/domain/lab/run';

/** How many times as long as drawing took, nothing is drawn after it. */
const rest = 9;

/**
 * Answers of a run on their way to the screen. With thousands of cases, drawing the results anew takes longer than many an answer
 * does, and would hold up the next question: drawing gets a tenth of the time, in which several answers may come together.
 */
export class AnswersToShow {
  #waiting: LabAnswer[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #restMs = 0;

  constructor(private readonly show: (answers: readonly LabAnswer[]) => void) {}

  add(answer: LabAnswer): void {
    this.#waiting.push(answer);
    this.#timer ??= setTimeout(() => this.flush(), this.#restMs);
  }

  /** Shows at once what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    const begunAt = performance.now();
    flushSync(() => this.show(this.#waiting.splice(0)));
    this.#restMs = rest * (performance.now() - begunAt);
  }
}
