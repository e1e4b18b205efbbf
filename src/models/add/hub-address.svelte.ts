import { keepText, keptText } from '../../ui/local-text';
import { hostIsAllowed, storedHub } from '../../shared/platform/weight-hosts';
import { officialHubUrl, parseHub } from '../../shared/domain/model-hub';
import { hubStorageKey } from '../models.svelte';

/** Where models are fetched from: the Hugging Face hub, or another host, for people behind a firewall. */
export class HubAddress {
  #hub = $state.raw(storedHub(keptText(hubStorageKey) ?? ''));

  /** As `parseHub` understands it. */
  get url(): string {
    return this.#hub.address;
  }

  /** For people: "mirror.example". */
  get host(): string {
    return new URL(this.#hub.origin).host;
  }

  get isOfficial(): boolean {
    return this.#hub.address === officialHubUrl;
  }

  /**
   * Takes another address; an empty one means the official hub.
   * @returns why it cannot be taken: it is no address, or the policy of this build does not allow it
   */
  choose(text: string): 'taken' | 'no-address' | 'not-allowed' {
    const hub = parseHub(text);
    if (!hub) return 'no-address';
    if (!hostIsAllowed(hub.origin)) return 'not-allowed';
    this.#hub = hub;
    keepText(hubStorageKey, this.isOfficial ? null : hub.address);
    return 'taken';
  }
}
