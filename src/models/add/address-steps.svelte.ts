import type { Failure, Result } from '../../shared/protocol/failure';
import type { Inspection, WeightsManifest, WeightsRequest } from '../../shared/protocol/weights';
import type { Inquiries } from './inquiries';

type Step = { readonly kind: 'address' } | Inspection;

type Download = (manifest: WeightsManifest, despiteSpace?: boolean) => Promise<Result<null>>;

/** From an address to a download: ask what lies there, choose a file where there are several, see what it is. */
export class AddressSteps {
  /** The way here; the last one is shown. */
  #path = $state.raw<readonly Step[]>([{ kind: 'address' }]);
  #failure = $state.raw<Failure | null>(null);
  #abort = $state.raw<AbortController | null>(null);
  #last: (() => Promise<unknown>) | null = null;

  constructor(
    private readonly inquiries: Inquiries,
    private readonly download: Download,
  ) {}

  get step(): Step {
    return this.#path.at(-1) ?? { kind: 'address' };
  }

  get asking(): boolean {
    return this.#abort !== null;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  async ask(request: WeightsRequest): Promise<void> {
    this.#last = () => this.ask(request);
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#failure = null;
    const found = await this.inquiries.ask(request, abort.signal);
    if (this.#abort !== abort) return;
    this.#abort = null;
    if (found.ok) this.#path = [...this.#path, found.value];
    else if (found.failure.kind !== 'cancelled') this.#failure = found.failure;
  }

  /** Resolves with the model's id when its download is noted. */
  async take(manifest: WeightsManifest, despiteSpace = false): Promise<string | null> {
    this.#last = () => this.take(manifest);
    this.#failure = null;
    const noted = await this.download(manifest, despiteSpace);
    if (!noted.ok) this.#failure = noted.failure;
    return noted.ok ? manifest.modelId : null;
  }

  again(): void {
    void this.#last?.();
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  back(): void {
    this.cancel();
    this.#failure = null;
    if (this.#path.length > 1) this.#path = this.#path.slice(0, -1);
  }

  reset(): void {
    this.cancel();
    this.#failure = null;
    this.#path = [{ kind: 'address' }];
  }
}
