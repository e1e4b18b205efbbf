import type { CaseSet } from '../../shared/domain/lab/case-set';

/** What the file of a shipped set holds. Its name and what it measures are words in the language of the page. */
export type ShippedContent = Omit<CaseSet, 'name' | 'about' | 'createdAt' | 'updatedAt'>;
