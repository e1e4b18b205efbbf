/** What a browser must be able to do to be driven: the same few commands of the two WebDriver protocols. */

/** A source of input and what it does, as both protocols write it (W3C WebDriver, "Actions"). */
export type InputSource =
  | { readonly type: 'key'; readonly id: string; readonly actions: readonly KeyAction[] }
  | {
      readonly type: 'pointer';
      readonly id: string;
      readonly parameters: { readonly pointerType: 'mouse' };
      readonly actions: readonly PointerAction[];
    };

interface KeyAction {
  readonly type: 'keyDown' | 'keyUp';
  readonly value: string;
}

type PointerAction =
  | { readonly type: 'pointerMove'; readonly x: number; readonly y: number; readonly duration: 0 }
  | { readonly type: 'pointerDown' | 'pointerUp'; readonly button: 0 };

export interface RemoteTab {
  /** Where the page was when it was last looked at. */
  url: string;
  /** Goes to an address; resolves when the page has loaded. */
  navigate(url: string): Promise<void>;
  /**
   * Evaluates an expression in the page, and waits for it where it is a promise.
   * @param limitMs for what can be asked again: WebKit may leave a question unanswered for good when its page goes away over it
   * @returns what it came to, which has to be JSON
   * @throws Error with the page's own message, or when the limit is over
   */
  evaluate(expression: string, limitMs?: number): Promise<unknown>;
  perform(sources: readonly InputSource[]): Promise<void>;
  /** A PNG of what is seen now. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface RemoteBrowser {
  newTab(): Promise<RemoteTab>;
  /** Called with what pages complain of on their consoles, and with errors that nobody caught. */
  onComplaint: (text: string) => void;
  close(): Promise<void>;
}
