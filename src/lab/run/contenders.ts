import type { Contender } from '../../shared/domain/lab/run';
import type { ModelDescriptor } from '../../shared/domain/model';

/** A model as it is used to. Its id stays in the clear when the chats are locked, so it says nothing. */
export const contenderOf = ({ id, name }: ModelDescriptor, index: number): Contender => ({
  id: `c${index + 1}`,
  modelId: id,
  name,
});

export const allOf = (models: readonly ModelDescriptor[]): readonly Contender[] => models.map(contenderOf);
