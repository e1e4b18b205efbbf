import type { Contender } from '../../shared/domain/lab/run';
import type { ModelDescriptor } from '../../shared/domain/model';

/** A model as it is used to. Its id stays in the clear when the chats are locked, so it says nothing. */
export const contenderOf = ({ id, name }: ModelDescriptor, index: number): Contender => ({
  id: `c${index + 1}`,
  modelId: id,
  name,
});

/** Models of this device: no server is asked unless a person names it. */
export const ofThisDevice = (models: readonly ModelDescriptor[]): readonly ModelDescriptor[] =>
  models.filter(({ source }) => source.kind !== 'server');

/** All models of this device, for a run that nobody has to set up. */
export const allHere = (models: readonly ModelDescriptor[]): readonly Contender[] =>
  ofThisDevice(models).map(contenderOf);
