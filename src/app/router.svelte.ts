const screens = ['models', 'documents', 'benchmark', 'lab', 'privacy', 'settings'] as const;

/** Those besides the chat that are reached from the navigation. */
export type OtherScreenName = (typeof screens)[number];

type Route =
  | {
      readonly screen: 'chat';
      readonly conversationId: string | null;
      /** A message of it to be shown; null for its end. */
      readonly messageId: string | null;
    }
  /** One conversation as a page that can be printed. */
  | { readonly screen: 'print'; readonly conversationId: string }
  | { readonly screen: OtherScreenName };

/** The screen of this name, if it is one of those besides the chat. */
export const otherScreen = (name: string): OtherScreenName | undefined => screens.find((screen) => screen === name);

const decoded = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
};

/** Reads `#/chat/<id>`, `#/chat/<id>/<message>` and their like; anything else is the chat. */
export function parseHash(hash: string): Route {
  const [screen, id, part] = hash.replace(/^#\/?/, '').split('/');
  const known = otherScreen(screen ?? '');
  if (known) return { screen: known };
  if (screen === 'print' && id) return { screen: 'print', conversationId: id };
  const conversationId = screen === 'chat' && id ? id : null;
  return { screen: 'chat', conversationId, messageId: conversationId !== null && part ? decoded(part) : null };
}

export class Router {
  #route = $state.raw<Route>({ screen: 'chat', conversationId: null, messageId: null });

  constructor(private readonly onRoute: (route: Route) => void) {}

  get route(): Route {
    return this.#route;
  }

  start(): void {
    addEventListener('hashchange', () => this.#read());
    this.#read();
  }

  goTo(hash: string): void {
    location.hash = hash;
  }

  /** Changes the address without a history entry: a new chat got its id. */
  replace(hash: string): void {
    history.replaceState(null, '', hash);
    this.#read();
  }

  #read(): void {
    this.#route = parseHash(location.hash);
    this.onRoute(this.#route);
  }
}
