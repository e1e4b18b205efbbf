import { FailureError } from '../../../src/shared/protocol/failure';

/**
 * A part of an address's path, as people read it.
 * @param address named in the failure
 * @throws FailureError `address-not-understood` for a "%" that stands for no letter
 */
export function decodePath(part: string, address: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    const technical = `${String(error)}: ${address}`;
    throw new FailureError({ kind: 'address-not-understood', technical, subject: address });
  }
}
