/** What decides about a model at a glance: size, expected speed, whether it will run here. */
import type { MeasuredSpeeds } from '../contracts/benchmark/prediction';
import { fitText } from '../text/fit-text';
import { formatBytes, formatRate } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import { expectedSpeed } from './expected-speed';
import type { ModelTraits } from './model-traits';

export function glanceOf(traits: ModelTraits, measured: MeasuredSpeeds | null): readonly string[] {
  const { bytes, fit, licence } = traits;
  const speed = expectedSpeed(traits, measured);
  return [
    formatBytes(bytes),
    ...(speed
      ? [m.glance_speed({ rate: formatRate(speed.middle), low: formatRate(speed.low), high: formatRate(speed.high) })]
      : []),
    fit ? fitText(fit).title : m.model_fit_asking(),
    licence ?? m.glance_licence_unknown(),
  ];
}
