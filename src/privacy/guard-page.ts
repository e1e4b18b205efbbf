/** What no policy can forbid, taken away or watched over. Runs before anything else of the page. */
import { GuardError } from '../shared/platform/guard-error';
import { parseUrl } from '../shared/platform/parse-url';

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string };
}

/** No part of Sotto uses these: what is not there cannot leak. */
const unused = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'open'] as const;

/** Elements with a page of their own inside. */
const framing = /^(iframe|frame|object|embed|fencedframe|portal)$/i;

/** Links to other sites open in a tab of their own, when a person clicks them; this page itself is never led away. */
function stayHere(): void {
  const { navigation } = globalThis as { readonly navigation?: EventTarget };
  navigation?.addEventListener('navigate', (event) => {
    const url = parseUrl((event as NavigateEvent).destination.url);
    if (url && /^https?:$/.test(url.protocol) && url.origin !== location.origin) event.preventDefault();
  });
}

/**
 * The policy forbids frames, but Chromium looks up the host of one and connects to it before it asks the policy; and an
 * empty frame has again all that was taken from this page. As HTML they cannot come (Trusted Types), so this leaves no way.
 */
function refuseFrames(): void {
  const { createElement, createElementNS } = Document.prototype;
  const refuse = (name: unknown): void => {
    // "svg:iframe" has the local name "iframe".
    if (framing.test(String(name).replace(/^.*:/, ''))) throw new GuardError(`no <${String(name)}> in this page`);
  };
  Document.prototype.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    refuse(name);
    return createElement.call(this, name, options);
  };
  Document.prototype.createElementNS = function (
    this: Document,
    namespace: string | null,
    name: string,
    options?: string | ElementCreationOptions,
  ) {
    refuse(name);
    return createElementNS.call(this, namespace, name, options);
  } as typeof createElementNS;
}

/** Chromium connects to the host of a form, too, before it asks the policy. Forms of Sotto are read by it, never sent. */
function sendNoForms(): void {
  addEventListener('submit', (event) => event.preventDefault(), { capture: true });
  HTMLFormElement.prototype.submit = (): never => {
    throw new GuardError('no form is sent from this page');
  };
  // Events do not come out of shadow trees, which Sotto does not use.
  Reflect.deleteProperty(Element.prototype, 'attachShadow');
}

export function guardPage(): void {
  for (const name of unused) Reflect.deleteProperty(globalThis, name);
  stayHere();
  refuseFrames();
  sendNoForms();
}
