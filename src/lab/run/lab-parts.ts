import type { ActiveModel } from '../../engine/active-model.svelte';
import type { Check, CheckedAnswer, Finding } from '../../shared/domain/lab/check';
import type { ContenderFacts } from '../../shared/domain/lab/run';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { StoredLab } from '../../storage/stored-lab';

/** What the Lab needs of the app. */
export interface LabParts {
  readonly model: ActiveModel;
  readonly repository: StoredLab;
  readonly app: { readonly version: string; readonly commit: string };
  /** Null for one that has been deleted. */
  modelOf(modelId: string): ModelDescriptor | null;
  /** What is known of a model's weights without loading them. */
  weightsFactsOf(model: ModelDescriptor): Pick<ContenderFacts, 'weightsSha256' | 'bytes' | 'license'>;
  readonly checks: {
    /** Never rejects: a check that cannot be decided has no verdict. */
    check(answer: CheckedAnswer, checks: readonly Check[]): Promise<readonly Finding[]>;
  };
}
