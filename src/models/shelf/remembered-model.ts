import { keepText, keptText } from '../../ui/local-text';
import { guide } from './guide';

const storageKey = 'sotto.model';

/** The id of the model that was chosen last; null for the Guide, which needs no remembering. */
export const rememberedModel = (): string | null => keptText(storageKey);

/** Where it cannot be kept, the next visit begins with the Guide. */
export const rememberModel = (id: string): void => keepText(storageKey, id === guide.id ? null : id);
