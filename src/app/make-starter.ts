/** Builds what leads from the Guide to a larger model. Loaded when the first answer can be given: nothing before that needs it. */
import { isMobile } from '../device/mobile';
import { SpeedCheck } from '../engine/speed-check.svelte';
import { guide } from '../models/catalogue';
import { LineRate } from '../models/download-time.svelte';
import { ModelAdvice } from '../models/model-advice.svelte';
import { Starter } from '../models/starter.svelte';
import { loadPart } from '../ui/load-part';
import type { App } from './app';

export function makeStarter(app: App): Starter {
  const line = new LineRate();
  app.weights.listen((event) => line.hear(event));
  const speedCheck = new SpeedCheck(app.activeModel, guide, isMobile());
  const advice = new ModelAdvice(app.shelf, speedCheck, async () => {
    const { readMeasuredSpeeds } = await loadPart(() => import('./make-benchmark'));
    return readMeasuredSpeeds();
  });
  return new Starter(app.shelf, advice, line);
}
