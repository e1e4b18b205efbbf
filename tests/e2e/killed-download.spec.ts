import { killBriefly, meanRefetchedBytes, mostRefetchedBytes } from '../../tools/measure/weights/killed';
import { alone, expect, test } from './test';

test('a download that is killed again and again ends whole and right, and little is fetched twice', alone, async () => {
  // It brings a browser of its own: three times.
  test.setTimeout(240_000);
  const killed = await killBriefly();
  expect(killed.isRight).toBe(true);
  expect(killed.refetchedBytes).toHaveLength(3);
  expect(meanRefetchedBytes(killed)).toBeLessThanOrEqual(mostRefetchedBytes);
});
