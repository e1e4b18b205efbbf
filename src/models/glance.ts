/** What decides about a model at a glance: size, expected speed, whether it will run here. */
import type { MeasuredSpeeds, PredictedSpeed } from '../shared/domain/benchmark/prediction';
import { fitText } from '../text/fit-text';
import { formatBytes, formatExpectedRate, formatRate } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import { seenRates } from '../engine/seen-rates';
import { expectedSpeed } from './expected-speed';
import { sensesTexts } from './model-facts';
import type { ModelTraits } from './model-traits';

export function glanceOf(traits: ModelTraits, measured: MeasuredSpeeds | null): readonly string[] {
  const { bytes, fit, license, senses } = traits;
  const speed = expectedSpeed(traits, measured);
  const seen = seenRates.get(traits.id);
  return [
    formatBytes(bytes),
    ...(seen !== undefined
      ? [seenText(seen, speed)]
      : speed
        ? [
            m.glance_speed({
              rate: formatExpectedRate(speed.middle),
              low: formatExpectedRate(speed.low),
              high: formatExpectedRate(speed.high),
            }),
          ]
        : []),
    ...sensesTexts(senses),
    fit ? fitText(fit).title : m.model_fit_asking(),
    license ?? m.glance_license_unknown(),
  ];
}

/** Where the promise was too high, that is said. */
function seenText(seen: number, expected: PredictedSpeed | null): string {
  const rate = formatRate(seen);
  return expected && seen < expected.low
    ? m.glance_speed_lower({ rate, expected: formatExpectedRate(expected.middle) })
    : m.glance_speed_seen({ rate });
}
