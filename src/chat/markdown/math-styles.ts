import { loadPart } from '../../ui/load-part';

/** How long a text waits for the styles of its formulas, in ms. A network that is there but says nothing must not hold it up. */
const patienceMs = 400;

/** On the root of the page, once they are there: without them, formulas are drawn by the browser itself, from their MathML. */
const styledClass = 'math-styled';

/** The style sheet of formulas: loaded with the first of them, waited for once. */
export class MathStyles {
  #loading: Promise<void> | null = null;
  #late = false;

  constructor(
    private readonly load: () => Promise<unknown> = () => loadPart(() => import('katex/dist/katex.min.css')),
  ) {}

  /** Resolves when they are there, or have been waited for long enough. Never rejects. */
  async ready(): Promise<void> {
    this.#loading ??= this.load().then(
      () => document.documentElement.classList.add(styledClass),
      // No network: asked for again with the next formula.
      () => void (this.#loading = null),
    );
    if (this.#late) return;
    await Promise.race([this.#loading, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    this.#late = true;
  }
}
