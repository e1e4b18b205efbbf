/** What a part of a file was found to hold. */
import type { BrokenPart, ReadConversation, UnknownRecord } from '../../src/shared/protocol/chat-files';
import type { ChatSettings } from '../../src/shared/domain/chat-settings';
import type { LabRecord } from '../../src/shared/domain/lab/lab-records';
import type { Persona } from '../../src/shared/domain/persona';

export interface Reading {
  readonly conversations?: readonly ReadConversation[];
  readonly personas?: readonly Persona[];
  readonly defaults?: ChatSettings;
  readonly lab?: readonly LabRecord[];
  readonly unknown?: readonly UnknownRecord[];
  readonly broken?: readonly BrokenPart[];
}

/** Reads the records of a file that belong together over several lines. */
export interface LineReader {
  take(value: unknown, text: string, place: number): Promise<readonly Reading[]>;
  /** What was waiting for more. */
  end(): Promise<readonly Reading[]>;
}

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The same for the same text on every device and every day: 32 hexadecimal digits. */
export async function fingerprint(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).slice(0, 32);
}
