import type { ActiveModel } from '../engine/active-model.svelte';
import type { ModelsView } from './models-view.svelte';
import type { ModelRemoval } from './shelf/model-removal';

/** What every list of models is given: what is known of the models, and where what a person does leads. */
export interface ModelListProps {
  view: ModelsView;
  activeModel: ActiveModel;
  removal: ModelRemoval;
  /** A model was taken into use. */
  onUse: () => void;
  /** A person wants to make room for a download. */
  onFreeSpace: () => void;
  /** A person wants to open a file instead. */
  onOpenFile: () => void;
}
