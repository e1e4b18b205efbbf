import { keepText, keptText } from '../../ui/local-text';
import { hostIsAllowed } from '../../shared/platform/weight-hosts';
import { type ModelHub, officialHub, officialHubUrl, parseHub } from '../../shared/domain/model-hub';

const storageKey = 'sotto.hub-url';

/** Where models are fetched from: the Hugging Face hub, or another host, for people behind a firewall. */
export class HubAddress {
  #hub = $state.raw(readStored());

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
    keepText(storageKey, this.isOfficial ? null : hub.address);
    return 'taken';
  }
}

/** A stored address that this build does not allow any more would fail every download. */
function readStored(): ModelHub {
  const hub = parseHub(keptText(storageKey) ?? '');
  return hub && hostIsAllowed(hub.origin) ? hub : officialHub;
}
