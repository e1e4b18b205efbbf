/** The taps of each screen that a person makes first and most, each in a page that has just been opened. */
import type { Locator, Page } from '@playwright/test';
import type { Sight, TapTime, TapTimer } from './tap-timer';

export type TappedScreen = 'navigation' | 'chat' | 'models' | 'benchmark' | 'privacy' | 'settings';

export interface TapCase {
  readonly name: string;
  readonly screen: TappedScreen;
  /** Where it begins, without the mark of the fragment. */
  readonly at: string;
  /** What has to be done before; not timed. */
  readonly before?: (page: Page) => Promise<void>;
  readonly run: (page: Page, timer: TapTimer) => Promise<TapTime>;
  /** It is the first touch of a visit, for which nothing has been prepared. */
  readonly first?: boolean;
  /** Where another target than that of all taps holds, in ms. */
  readonly limitMs?: number;
}

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const menu: Sight = { selector: '.menu-panel [role^=menuitem]' };
const tapOn =
  (find: (page: Page) => Locator, sight: Sight): TapCase['run'] =>
  (page, timer) =>
    timer.tap(find(page).first(), sight);

/** A key in a field or on a select, as a keyboard or the wheel of a phone brings it. */
const pressIn =
  (find: (page: Page) => Locator, key: string, sight: Sight): TapCase['run'] =>
  async (page, timer) => {
    await find(page).focus();
    return timer.time(() => page.keyboard.press(key), sight);
  };

const choose =
  (label: string, value: string, sight: Sight): TapCase['run'] =>
  (page, timer) =>
    timer.time(() => page.getByRole('combobox', { name: label, exact: true }).selectOption(value), sight);

async function openDrawer(page: Page): Promise<void> {
  await button(page, 'Menu').tap();
  await page.getByRole('dialog').getByRole('list', { name: 'Chats' }).waitFor();
}

const link = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });

const goingTo = (name: string, sight: Sight, at = 'chat'): TapCase => ({
  name: `${name} in the drawer`,
  screen: 'navigation',
  at,
  before: openDrawer,
  run: tapOn((page) => link(page, name), sight),
});

const message = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true });
const field = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search models' });
const cards = (page: Page): Locator => page.getByRole('article').filter({ has: button(page, 'Download') });
/** How many models there are: the line changes when the list does. */
const counted = (text: string): Sight => ({ selector: '#main section p[role=status]', text });

async function ask(page: Page): Promise<void> {
  await message(page).fill('Write a long report');
  await button(page, 'Send').tap();
  await page.locator('article[aria-busy=true]').getByText('word20 ').waitFor();
}

const storedChat = 'chat/conversation-200';
const heading = (text: string): Sight => ({ selector: '#main h1', text });

const openingMenu = tapOn((page) => button(page, 'Menu'), { selector: '[role=dialog] li a[href^="#/chat/"]' });

export const cases: readonly TapCase[] = [
  { name: 'menu', screen: 'navigation', at: 'chat', run: openingMenu },
  { name: 'menu, first touch of a visit', screen: 'navigation', at: 'chat', first: true, run: openingMenu },
  goingTo('Models', heading('Models')),
  goingTo('Benchmark', heading('Benchmark')),
  goingTo('Privacy', heading('Privacy')),
  goingTo('Settings', heading('Settings')),
  goingTo('Chat', { selector: '#main textarea' }, 'settings'),
  {
    name: 'a chat of a library of hundreds',
    screen: 'navigation',
    at: 'chat',
    before: openDrawer,
    run: tapOn((page) => page.getByRole('list', { name: 'Chats' }).getByRole('link').nth(4), {
      selector: '#main [role=log] article',
    }),
  },
  {
    name: 'menu of a chat in the list',
    screen: 'navigation',
    at: 'chat',
    before: openDrawer,
    run: tapOn((page) => page.getByRole('list', { name: 'Chats' }).getByRole('button').nth(2), menu),
  },
  {
    name: 'a letter into the search of chats',
    screen: 'navigation',
    at: 'chat',
    before: async (page) => {
      await openDrawer(page);
      await page.getByRole('searchbox', { name: 'Search chats' }).tap();
    },
    run: pressIn((page) => page.getByRole('searchbox', { name: 'Search chats' }), 'q', {
      selector: '[role=dialog] mark',
    }),
  },
  {
    name: 'New chat',
    screen: 'chat',
    at: storedChat,
    before: (page) => page.getByRole('article', { name: 'Answer' }).first().waitFor(),
    run: tapOn((page) => button(page, 'New chat'), { selector: '#main [role=log] article', gone: true }),
  },
  {
    name: '“+” beside the message',
    screen: 'chat',
    at: 'chat',
    run: tapOn((page) => button(page, 'Add files and more'), menu),
  },
  {
    name: '“+”, first touch of a visit',
    screen: 'chat',
    at: 'chat',
    first: true,
    run: tapOn((page) => button(page, 'Add files and more'), menu),
  },
  { name: 'Model', screen: 'chat', at: 'chat', run: tapOn((page) => button(page, 'Model'), menu) },
  {
    name: 'a letter into the message',
    screen: 'chat',
    at: 'chat',
    run: pressIn(message, 'q', { selector: '#main button[aria-label=Send]:enabled' }),
  },
  {
    name: 'Send',
    screen: 'chat',
    at: 'chat',
    before: (page) => message(page).fill('Write a long report'),
    run: tapOn((page) => button(page, 'Send'), { selector: '#main article' }),
  },
  {
    name: 'Send in a chat with answers',
    screen: 'chat',
    at: storedChat,
    before: (page) => message(page).fill('Write a long report'),
    run: tapOn((page) => button(page, 'Send'), { selector: '#main article[aria-busy=true]' }),
  },
  {
    name: 'Stop',
    screen: 'chat',
    at: 'chat',
    before: ask,
    run: tapOn((page) => button(page, 'Stop'), { selector: '#main button[aria-label=Send]' }),
  },
  {
    name: 'Edit of a question',
    screen: 'chat',
    at: storedChat,
    run: tapOn((page) => page.getByRole('article', { name: 'Your message' }).getByRole('button', { name: 'Edit' }), {
      selector: '#main article textarea',
    }),
  },
  {
    name: 'figures of an answer',
    screen: 'chat',
    at: storedChat,
    run: tapOn((page) => page.getByRole('article', { name: 'Answer' }).locator('summary'), {
      selector: '#main article details[open]',
    }),
  },
  {
    name: 'Show all',
    screen: 'models',
    at: 'models',
    limitMs: 150,
    run: tapOn((page) => button(page, 'Show all'), {
      selector: '#main section button.button',
      text: 'Show all',
      gone: true,
    }),
  },
  {
    name: 'More recommendations',
    screen: 'models',
    at: 'models',
    run: tapOn((page) => button(page, 'More recommendations'), {
      selector: 'section[aria-labelledby=models-recommended] article:nth-of-type(4)',
    }),
  },
  {
    name: 'first letter of a search',
    screen: 'models',
    at: 'models',
    run: pressIn(field, 'q', { selector: '#main button.quiet', text: 'Clear filters' }),
  },
  {
    name: 'fourth letter of a search',
    screen: 'models',
    at: 'models',
    before: (page) => field(page).pressSequentially('qwe'),
    run: pressIn(field, 'n', { selector: '#main button.quiet', text: 'Clear filters' }),
  },
  {
    name: 'last letter of a search taken back',
    screen: 'models',
    at: 'models',
    before: (page) => field(page).fill('c'),
    run: pressIn(field, 'Backspace', { selector: '#main button.button', text: 'Show all' }),
  },
  {
    name: 'filter: Code',
    screen: 'models',
    at: 'models',
    run: choose('Task', 'code', { selector: '#main button.quiet', text: 'Clear filters' }),
  },
  {
    name: 'Clear filters, after Show all',
    screen: 'models',
    at: 'models',
    before: async (page) => {
      await button(page, 'Show all').tap();
      await page.getByRole('combobox', { name: 'Task', exact: true }).selectOption('code');
    },
    run: tapOn((page) => button(page, 'Clear filters'), {
      selector: '#main button.quiet',
      text: 'Clear filters',
      gone: true,
    }),
  },
  {
    name: 'sort by size, after Show all',
    screen: 'models',
    at: 'models',
    before: (page) => button(page, 'Show all').tap(),
    run: choose('Sort by', 'size', counted('models')),
  },
  {
    name: 'models that cannot run here',
    screen: 'models',
    at: 'models',
    run: tapOn((page) => page.locator('#main section summary.marked'), { selector: '#main details .cards article' }),
  },
  {
    name: 'facts of a card',
    screen: 'models',
    at: 'models',
    run: tapOn((page) => cards(page).first().getByText('Details'), { selector: '#main article .facts dl' }),
  },
  {
    name: 'builds of a card',
    screen: 'models',
    at: 'models',
    run: tapOn((page) => cards(page).getByRole('button', { name: 'Build' }), menu),
  },
  {
    name: 'Add a model',
    screen: 'models',
    at: 'models',
    run: tapOn((page) => button(page, 'Add a model'), { selector: '[role=dialog] input' }),
  },
  {
    name: 'another profile',
    screen: 'benchmark',
    at: 'benchmark',
    run: tapOn((page) => page.getByRole('radio', { name: 'Sustained' }), { selector: '#main input[name=minutes]' }),
  },
  {
    name: 'Run benchmark',
    screen: 'benchmark',
    at: 'benchmark',
    run: tapOn((page) => button(page, 'Run benchmark'), { selector: '#main button.button', text: 'Stop' }),
  },
  {
    name: 'how to check for yourself',
    screen: 'privacy',
    at: 'privacy',
    run: tapOn((page) => page.locator('#main summary.marked'), { selector: '#main details[open]' }),
  },
  {
    name: 'Delete everything',
    screen: 'privacy',
    at: 'privacy',
    run: tapOn((page) => button(page, 'Delete everything'), { selector: '[role=dialog], [role=alertdialog]' }),
  },
  {
    name: 'a section',
    screen: 'settings',
    at: 'settings',
    run: tapOn((page) => page.getByRole('link', { name: 'Personas', exact: true }), {
      selector: 'nav a[aria-current]',
      text: 'Personas',
    }),
  },
  {
    name: 'dark',
    screen: 'settings',
    at: 'settings',
    run: tapOn((page) => page.getByRole('radio', { name: 'Dark', exact: true }), { selector: 'html[data-theme=dark]' }),
  },
  {
    name: 'another language',
    screen: 'settings',
    at: 'settings',
    run: tapOn((page) => page.getByRole('radio', { name: '简体中文' }), { selector: 'html[lang=zh-CN]' }),
  },
  {
    name: 'a checkbox',
    screen: 'settings',
    at: 'settings',
    run: tapOn((page) => page.locator('#settings-general input[type=checkbox]'), {
      selector: '#settings-general input[type=checkbox]',
    }),
  },
  {
    name: 'Show shortcuts',
    screen: 'settings',
    at: 'settings',
    run: tapOn((page) => button(page, 'Show shortcuts'), { selector: '[role=dialog]' }),
  },
];
