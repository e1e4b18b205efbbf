/** Personas as a file (docs/chat-files.md): JSON, small, and hostile until it has been looked at. */
import { markedEncoding } from '../../shared/domain/text-encoding';
import { personaFrom } from '../../shared/domain/checked-settings';
import { failed, type Result } from '../../shared/protocol/failure';
import { isFields } from '../../shared/domain/fields';
import type { Persona } from '../../shared/domain/persona';

export const personaFileType = 'sotto-personas';
export const personaFileVersion = 1;

const mostBytes = 5_000_000;
const mostPersonas = 1000;

export function personaFile(personas: readonly Persona[]): Blob {
  const content = { type: personaFileType, version: personaFileVersion, personas };
  return new Blob([JSON.stringify(content, null, 2), '\n'], { type: 'application/json' });
}

/** The personas in a file; the failure is `persona-file-unreadable`. */
export async function personasIn(file: Blob): Promise<Result<readonly Persona[]>> {
  if (file.size > mostBytes) return failed('persona-file-unreadable', `${file.size} bytes`);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    // A text in another encoding must not come in with � for its letters.
    const text = new TextDecoder(markedEncoding(bytes) ?? 'utf-8', { fatal: true }).decode(bytes);
    const content: unknown = JSON.parse(text);
    if (!isFields(content) || content['type'] !== personaFileType || !Array.isArray(content['personas'])) {
      return failed('persona-file-unreadable', 'it does not begin like a file of personas');
    }
    const personas = content['personas'].slice(0, mostPersonas).flatMap((value) => personaFrom(value) ?? []);
    if (personas.length === 0) return failed('persona-file-unreadable', 'no persona in it');
    return { ok: true, value: personas };
  } catch (error) {
    // Not JSON; or nested so deeply that it cannot be walked through.
    return failed('persona-file-unreadable', String(error));
  }
}
