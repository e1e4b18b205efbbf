import type { AttachmentRef } from '../../shared/domain/attachment';

/** What stands for a picture where it is not seen. */
export const altOf = ({ name, picture }: Pick<AttachmentRef, 'name' | 'picture'>): string =>
  picture?.description ?? name;
