import { transform } from 'sucrase';
import { CodeTrouble } from './sandbox';

/** Leaves the types of TypeScript out, and turns `export` into what a script has. @throws CodeTrouble */
export function plainScript(code: string): string {
  try {
    return transform(code, { transforms: ['typescript', 'imports'], disableESTransforms: true, production: true }).code;
  } catch (error) {
    throw new CodeTrouble('code-error', error instanceof Error ? `SyntaxError: ${error.message}` : String(error), true);
  }
}
