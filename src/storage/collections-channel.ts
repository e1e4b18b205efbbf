import { ChangeChannel } from './change-channel';

/** Names collections and documents that were written or deleted. */
export class CollectionsChannel extends ChangeChannel {
  constructor() {
    super('sotto-collections');
  }
}
