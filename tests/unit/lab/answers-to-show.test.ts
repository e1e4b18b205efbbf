import { expect, it } from 'vitest';
import { AnswersToShow } from '../../../src/lab/run/answers-to-show';
import type { LabAnswer } from '../../../src/shared/domain/lab/run';
import { answer } from '../../fixtures/lab/lab-run';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('answers that come faster than they can be drawn are drawn together, so that drawing takes a tenth of the time', async () => {
  const drawMs = 20;
  const batches: (readonly LabAnswer[])[] = [];
  const answers = new AnswersToShow((batch) => {
    batches.push(batch);
    busyFor(drawMs);
  });
  const begunAt = performance.now();
  for (let index = 0; index < 60; index += 1) {
    answers.add(answer('a', index, '+'));
    await pause(5);
  }
  const took = performance.now() - begunAt;
  answers.flush();
  expect(batches.flat().map(({ caseId }) => caseId)).toEqual(Array.from({ length: 60 }, (_, index) => `case-${index}`));
  expect(batches[0]).toHaveLength(1);
  // One at once, one for each rest, and what waited at the end.
  expect(batches.length).toBeLessThanOrEqual(2 + took / (9 * drawMs));
});
