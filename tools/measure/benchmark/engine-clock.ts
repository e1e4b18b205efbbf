/** V4: what the engine's own clock says of the same tokens. */
import { engineRate } from '../../../src/shared/domain/benchmark/engine-clock';
import { rateOf } from '../../../src/shared/domain/benchmark/validity';
import { median, rounded, roundedAll, type Row } from '../row';
import { repetitions, shortPlan, withGuide } from './guide-engine';

const times = 10;

export async function measureEngineClock(origin: string): Promise<readonly Row[]> {
  const reps = await withGuide(origin, 1, (engine) =>
    repetitions(engine, shortPlan({ repetitions: { least: times, most: times } })),
  );
  const differences = reps
    .filter(({ shape }) => shape.kind === 'tg')
    .map((rep) => Math.abs((rateOf(rep) ?? 0) / (rep.engine ? (engineRate('tg', rep.engine) ?? 0) : 0) - 1));
  const middle = median(differences);
  return [
    {
      quantity: 'benchmark V4: writing speed of ours against the engine’s own clock',
      target: '≤ 3 % apart',
      measured: `${rounded(middle * 100, 2)} %`,
      met: middle <= 0.03,
      samples: roundedAll(differences),
      conditions:
        'the Guide on llama.cpp in the built engine worker, tg64; llama.cpp counts its first token without timing it, so its intervals are counted, not its tokens',
    },
  ];
}
