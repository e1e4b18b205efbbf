/** Data from YAML, the way promptfoo reads it: with merge keys, and without types of a program. */
import { loadPart } from '../load-part';
import { labFailure, mostYamlBytes } from './set-draft';

/** Each alias may stand for a large part of the file, and that part for others: a few lines could fill the memory. */
const mostAliases = 100;

/**
 * @param progress told the share of the text that has been scanned, 0 to 1: what takes most of the time
 * @throws FailureError `lab-set-unreadable` with the line; `lab-set-too-large`
 */
export async function parseYaml(text: string, name: string, progress: (fraction: number) => void): Promise<unknown> {
  if (text.length > mostYamlBytes) throw labFailure('lab-set-too-large', name, `${text.length} characters of YAML`);
  const { LineCounter, parseDocument } = await loadPart(() => import('yaml'));
  const lines = new LineCounter();
  const { addNewLine } = lines;
  lines.addNewLine = (offset): number => {
    progress(offset / text.length);
    return addNewLine(offset);
  };
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
