/** Playwright's locator, as far as the specs for all browsers use it, for browsers that Playwright cannot drive. */
import { setTimeout as wait } from 'node:timers/promises';
import { callAgent } from './agent-calls';
import { point, press } from './input-actions';
import type { RemoteTab } from './remote-tab';
import type { ElementState, Step, TextMatch } from './steps';

/** How long an action waits for its element, in ms; expectations wait as long. */
export const patienceMs = 15_000;
/** Time between two looks at the page, in ms. */
export const lookAgainMs = 60;

type Text = string | RegExp;

interface RoleOptions {
  readonly name?: Text;
  readonly exact?: boolean;
  readonly level?: number;
}

function textMatch(text: Text, exact = false): TextMatch {
  return text instanceof RegExp ? { pattern: text.source, flags: text.flags } : { text, exact };
}

/** What page and locator have in common: ways to an element. */
export class RemoteScope {
  constructor(
    readonly tab: RemoteTab,
    readonly steps: readonly Step[] = [],
  ) {}

  getByRole(role: string, { name, exact, level }: RoleOptions = {}): RemoteLocator {
    const match = {
      role,
      ...(name !== undefined && { name: textMatch(name, exact) }),
      ...(level !== undefined && { level }),
    };
    return this.with({ by: 'role', match });
  }

  getByText(text: Text, { exact }: { readonly exact?: boolean } = {}): RemoteLocator {
    return this.with({ by: 'text', match: textMatch(text, exact) });
  }

  getByLabel(text: Text, { exact }: { readonly exact?: boolean } = {}): RemoteLocator {
    return this.with({ by: 'label', match: textMatch(text, exact) });
  }

  locator(selector: string): RemoteLocator {
    return this.with({ by: 'css', selector });
  }

  protected with(step: Step): RemoteLocator {
    return new RemoteLocator(this.tab, [...this.steps, step]);
  }
}

export class RemoteLocator extends RemoteScope {
  filter({ hasText }: { readonly hasText: Text }): RemoteLocator {
    return this.with({ by: 'has-text', match: textMatch(hasText) });
  }

  or(other: RemoteLocator): RemoteLocator {
    return this.with({ by: 'or', steps: other.steps });
  }

  nth(index: number): RemoteLocator {
    return this.with({ by: 'index', index });
  }

  first(): RemoteLocator {
    return this.nth(0);
  }

  last(): RemoteLocator {
    return this.nth(-1);
  }

  /** All elements there are now. */
  states(): Promise<readonly ElementState[]> {
    return callAgent(this.tab, 'states', this.steps);
  }

  async count(): Promise<number> {
    return (await this.states()).length;
  }

  async isVisible(): Promise<boolean> {
    return (await this.states())[0]?.visible ?? false;
  }

  async innerText(): Promise<string> {
    return (await this.#only()).innerText;
  }

  async textContent(): Promise<string> {
    return (await this.#only()).textContent;
  }

  async inputValue(): Promise<string> {
    return (await this.#only()).value;
  }

  async getAttribute(name: string): Promise<string | null> {
    return (await this.#only()).attributes[name] ?? null;
  }

  async click(): Promise<void> {
    await this.#pointAt(true);
  }

  async hover(): Promise<void> {
    await this.#pointAt(false);
  }

  async check(): Promise<void> {
    if (!(await this.#only()).checked) await this.click();
  }

  async fill(text: string): Promise<void> {
    await this.#usable();
    await callAgent(this.tab, 'fill', this.steps, text);
  }

  /** @param value of the option */
  async selectOption(value: string): Promise<void> {
    await this.fill(value);
  }

  async press(chord: string): Promise<void> {
    await this.#usable();
    await callAgent(this.tab, 'focus', this.steps);
    await this.tab.perform(press(chord));
  }

  async #pointAt(clicks: boolean): Promise<void> {
    await this.#until(clicks ? 'click' : 'hover', async () => {
      const found = await callAgent(this.tab, 'clickPoint', this.steps, clicks);
      if ('obstacle' in found) throw new Error(found.obstacle);
      await this.tab.perform(point(found.x, found.y, clicks));
      if (clicks && (await this.#missed())) throw new Error('the click did not meet it');
    });
  }

  /** A page that the click has ended tells nothing any more: then it has been met. */
  async #missed(): Promise<boolean> {
    return (await callAgent(this.tab, 'clickHit').catch(() => true)) === false;
  }

  #only(): Promise<ElementState> {
    return this.#until('look', async () => {
      const [state, ...others] = await this.states();
      if (!state || others.length > 0) throw new Error(`${others.length + (state ? 1 : 0)} elements instead of one`);
      return state;
    });
  }

  async #usable(): Promise<void> {
    await this.#until('use', async () => {
      const [state] = await this.states();
      if (!state?.visible || !state.enabled) throw new Error('it is not there, hidden or disabled');
      return state;
    });
  }

  async #until<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > deadline)
          throw new Error(`${what} ${JSON.stringify(this.steps)}: ${error instanceof Error ? error.message : ''}`, {
            cause: error,
          });
        await wait(lookAgainMs);
      }
    }
  }
}
