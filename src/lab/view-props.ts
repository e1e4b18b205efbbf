import type { ModelDescriptor } from '../shared/domain/model';
import type { Lab } from './lab.svelte';
import type { Notify } from './notify';

/** What every view of the Lab works with. */
export interface ViewProps {
  lab: Lab;
  /** Those that can be asked. */
  models: readonly ModelDescriptor[];
  canRun: boolean;
  goTo: (hash: string) => void;
  notify: Notify;
}

/** A view of one set, or of one run. */
export interface ViewOfOneProps extends ViewProps {
  id: string;
}
