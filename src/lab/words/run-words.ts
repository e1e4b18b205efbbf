import type { LabRun } from '../../shared/domain/lab/run';
import { formatMoment } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';

export function runStateWords({ state, stoppedBy }: Pick<LabRun, 'state' | 'stoppedBy'>): string {
  switch (state) {
    case 'running':
      return m.lab_state_running();
    case 'paused':
      return stoppedBy === undefined ? m.lab_state_paused() : m.lab_state_interrupted();
    case 'finished':
      return m.lab_state_finished();
    case 'stopped':
      return m.lab_state_stopped();
  }
}

/** When it ran; of one that came from a file also that, since it may have run on another device. */
export function runDateWords({ startedAt, importedAt }: Pick<LabRun, 'startedAt' | 'importedAt'>): string {
  const date = formatMoment(startedAt);
  return importedAt === undefined ? date : m.lab_imported_run({ date });
}
