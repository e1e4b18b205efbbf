import { hostIsAllowed } from '../contracts/weight-hosts';
import { parseUrl } from '../contracts/parse-url';

const storageKey = 'sotto.hub-url';

export const officialHubUrl = 'https://huggingface.co';

/** Where models are fetched from: the Hugging Face hub, or a mirror that keeps its paths, for people behind a firewall. */
export class HubAddress {
  #url = $state(readStored());

  /** Absolute, without "/" at its end. */
  get url(): string {
    return this.#url;
  }

  get isOfficial(): boolean {
    return this.#url === officialHubUrl;
  }

  /**
   * Takes another address; an empty one means the official hub.
   * @returns why it cannot be taken: it is no address, or the policy of this build does not allow it
   */
  choose(text: string): 'taken' | 'no-address' | 'not-allowed' {
    const given = text.trim().replace(/\/+$/, '') || officialHubUrl;
    const url = parseUrl(given);
    if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') return 'no-address';
    if (!hostIsAllowed(given)) return 'not-allowed';
    this.#url = given;
    try {
      if (this.isOfficial) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, given);
    } catch {
      // Kept for this visit only.
    }
    return 'taken';
  }
}

/** A stored address that this build does not allow any more would fail every download. */
function readStored(): string {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored !== null && parseUrl(stored) !== null && hostIsAllowed(stored) ? stored : officialHubUrl;
  } catch {
    return officialHubUrl;
  }
}
