import { FailureError } from '../../src/shared/protocol/failure';
import type { DocumentText } from './document-text';

export function packedText(_file: Blob): Promise<DocumentText> {
  throw new FailureError({ kind: 'document-unreadable', technical: 'an archive' });
}
