/** Builds what leads from the Guide to a larger model. Loaded when the first answer can be given: nothing before that needs it. */
import { isMobile } from '../device/mobile';
import type { ActiveModel } from '../engine/active-model.svelte';
import { SpeedCheck } from '../engine/speed-check.svelte';
import { guide } from '../models/shelf/guide';
import { LineRate } from '../models/shelf/download-time.svelte';
import { ModelAdvice } from '../models/model-advice.svelte';
import type { Models } from '../models/models.svelte';
import { Starter } from '../models/starter.svelte';
import { loadPart } from '../ui/load-part';

interface StarterParts {
  readonly activeModel: ActiveModel;
  readonly models: Models;
}

export function makeStarter({ activeModel, models }: StarterParts): Starter {
  const { shelf, weights } = models;
  const line = new LineRate();
  weights.listen((event) => line.hear(event));
  const speedCheck = new SpeedCheck(activeModel, guide, isMobile());
  const advice = new ModelAdvice(shelf, speedCheck, async () => {
    const { readMeasuredSpeeds } = await loadPart(() => import('./make-benchmark'));
    return readMeasuredSpeeds();
  });
  return new Starter(shelf, advice, line);
}
