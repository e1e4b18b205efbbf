/** Playwright's `expect`, which also understands locators and pages of browsers that Playwright cannot drive. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect as playwrightExpect } from '@playwright/test';
import { lookAgainMs, patienceMs, RemoteLocator } from './remote-locator';
import type { ElementState } from './steps';

type Text = string | RegExp;
type Texts = Text | readonly Text[];
type Wanted = (states: readonly ElementState[], ...expected: never[]) => boolean;

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

const equals = (text: string, wanted: Text): boolean =>
  wanted instanceof RegExp ? wanted.test(text) : squeezed(text) === squeezed(wanted);
const contains = (text: string, wanted: Text): boolean =>
  wanted instanceof RegExp ? wanted.test(text) : squeezed(text).includes(squeezed(wanted));

const only = (states: readonly ElementState[]): ElementState | undefined =>
  states.length === 1 ? states[0] : undefined;

/** For a list of texts, one element each: all of them for equality, these in order for containment. */
function texts(
  states: readonly ElementState[],
  wanted: Texts,
  fits: (text: string, wanted: Text) => boolean,
  all: boolean,
): boolean {
  const found = states.map(({ textContent }) => textContent);
  if (!Array.isArray(wanted)) return found.length === 1 && fits(found[0] ?? '', wanted as Text);
  const list = wanted as readonly Text[];
  if (all) return found.length === list.length && list.every((text, index) => fits(found[index] ?? '', text));
  let next = 0;
  for (const text of found) if (next < list.length && fits(text, list[next] ?? '')) next += 1;
  return next === list.length;
}

const matchers = {
  toBeVisible: (states) => only(states)?.visible === true,
  toBeHidden: (states) => states.every(({ visible }) => !visible),
  toBeEnabled: (states) => only(states)?.enabled === true,
  toBeDisabled: (states) => only(states)?.enabled === false,
  toBeChecked: (states) => only(states)?.checked === true,
  toBeEmpty: (states) => only(states)?.textContent === '',
  toHaveCount: (states, count: number) => states.length === count,
  toHaveValue: (states, value: Text) => equals(only(states)?.value ?? '', value),
  toHaveText: (states, wanted: Texts) => texts(states, wanted, equals, true),
  toContainText: (states, wanted: Texts) => texts(states, wanted, contains, false),
  toHaveAttribute: (states, name: string, value?: Text) => {
    const found = only(states)?.attributes[name];
    return found !== undefined && (value === undefined || equals(found, value));
  },
} satisfies Record<string, Wanted>;

interface Assertion {
  readonly isNot: boolean;
}

/** Looks until the page is as it should be, or patience ends. */
async function remoteMatch(
  locator: RemoteLocator,
  name: string,
  wanted: (states: readonly ElementState[]) => boolean,
  { isNot }: Assertion,
  args: readonly unknown[],
): Promise<{ pass: boolean; message: () => string }> {
  const { timeout = patienceMs } = (args.at(-1) ?? {}) as { readonly timeout?: number };
  const deadline = Date.now() + timeout;
  for (;;) {
    const states = await locator.states();
    const pass = wanted(states);
    if (pass !== isNot || Date.now() > deadline) {
      const seen = states.map(({ textContent, value, visible }) => ({
        text: squeezed(textContent).slice(0, 300),
        value,
        visible,
      }));
      const message = (): string =>
        `expected ${isNot ? 'not ' : ''}${name}(${args.map(String).join(', ')})\nof ${JSON.stringify(locator.steps)}\nseen: ${JSON.stringify(seen, null, 2)}`;
      return { pass, message };
    }
    await wait(lookAgainMs);
  }
}

function matcher(name: keyof typeof matchers) {
  return async function (this: Assertion, receiver: unknown, ...args: unknown[]) {
    if (receiver instanceof RemoteLocator) {
      const wanted = matchers[name] as (states: readonly ElementState[], ...expected: unknown[]) => boolean;
      return remoteMatch(receiver, name, (states) => wanted(states, ...args), this, args);
    }
    const assertions = playwrightExpect(receiver as Parameters<typeof playwrightExpect>[0]) as never as {
      readonly not: Record<string, (...args: unknown[]) => Promise<void>>;
    } & Record<string, (...args: unknown[]) => Promise<void>>;
    try {
      await (this.isNot ? assertions.not : assertions)[name]?.(...args);
      return { pass: !this.isNot, message: (): string => '' };
    } catch (error) {
      return { pass: this.isNot, message: (): string => (error instanceof Error ? error.message : String(error)) };
    }
  };
}

const all = Object.fromEntries(Object.keys(matchers).map((name) => [name, matcher(name as keyof typeof matchers)]));

/** Typed as Playwright's own, because it takes the same and means the same. */
export const expect = playwrightExpect.extend(all) as typeof playwrightExpect;
