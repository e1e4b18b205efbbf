/**
 * Loads the grammar library, 1.1 MB, when the first answer asks for a form. Its program lies in its script as text, so nothing
 * else is fetched, and nothing is compiled from text but WebAssembly.
 */
import { failed, FailureError } from '../../../../../src/shared/protocol/failure';
import { loadPart } from '../../../../load-part';

type Library = typeof import('@mlc-ai/web-xgrammar');

/**
 * Its script is of the kind that looks for `exports` and finds none in a module: it then leaves itself in a global variable.
 * @throws FailureError `part-unreachable`
 */
export async function grammarLibrary(): Promise<Library> {
  const module: Partial<Library> = await loadPart(() => import('@mlc-ai/web-xgrammar'));
  const library = module.TokenizerInfo ? module : (globalThis as { xgrammar?: Partial<Library> }).xgrammar;
  if (!library?.TokenizerInfo)
    throw new FailureError(failed('part-unreachable', 'the grammar library did not tell where it is').failure);
  return library as Library;
}
