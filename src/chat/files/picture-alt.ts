import type { PictureFacts } from '../../shared/domain/attachment';

interface Pictured {
  readonly name: string;
  readonly picture?: PictureFacts | undefined;
}

/** What stands for a picture where it is not seen. */
export const altOf = ({ name, picture }: Pictured): string => picture?.description ?? name;
