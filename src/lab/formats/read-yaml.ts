/** Data from YAML, the way promptfoo reads it: with merge keys, and without types of a program. */
import { loadPart } from '../../ui/load-part';
import { labFailure, mostYamlBytes } from './set-draft';

/** Each alias may stand for a large part of the file, and that part for others: a few lines could fill the memory. */
const mostAliases = 100;

/** @throws FailureError `lab-set-unreadable` with the line; `lab-set-too-large` */
export async function parseYaml(text: string, name: string): Promise<unknown> {
  if (text.length > mostYamlBytes) throw labFailure('lab-set-too-large', name, `${text.length} characters of YAML`);
  const { LineCounter, parseDocument } = await loadPart(() => import('yaml'));
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: 'silent' });
    // A tag that nobody knows is a warning there, but it means a value that is not this one.
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw labFailure('lab-set-unreadable', name, fault.message, lines.linePos(fault.pos[0]).line);
    return document.toJS({ maxAliasCount: mostAliases }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError || error instanceof TypeError)
      throw labFailure('lab-set-unreadable', name, error.message);
    throw error;
  }
}
