/** Servers of a person's own that answer for models: what is kept of one, and how its address is read. */
import { parseUrl } from '../platform/parse-url';
import type { Senses } from './senses';

/** Programs whose habits are known. `other` is anything else that speaks OpenAI's chat completions. */
export const serverKinds = ['ollama', 'lm-studio', 'llama-server', 'vllm', 'jan', 'other'] as const;
export type ServerKind = (typeof serverKinds)[number];

/** One model of a server, as far as the server tells. */
export interface ServedModel {
  /** As requests name it. */
  readonly id: string;
  /** Window in tokens; absent where the server does not tell. */
  readonly contextTokens?: number;
  /** Absent where the server does not tell: it is asked, and refuses what the model does not take. */
  readonly senses?: Senses;
}

/** What is asked of a model whose server does not tell what it takes. */
export const untoldSenses: Senses = { sees: true, hears: true };

/** What is kept of a server: beside the chats, under the same lock. Never exported. */
export interface ChatServer {
  readonly id: string;
  readonly kind: ServerKind;
  /** What requests begin with, without a slash at the end: `http://localhost:11434/v1`. */
  readonly address: string;
  /** Sent as a bearer token; absent where none is wanted. */
  readonly key?: string;
  /** As the server listed them last. */
  readonly models: readonly ServedModel[];
  /** ms since the epoch */
  readonly addedAt: number;
}

/** What the server worker needs of a server to ask one of its models. */
export interface ServerConnection extends Pick<ChatServer, 'kind' | 'address' | 'key'> {
  readonly model: string;
}

export type AddressFault =
  /** No address as far as can be told, or of another kind than http and https. */
  | 'not-understood'
  /** A user name or a password in it: it would be shown and logged wherever the address is. */
  | 'credentials'
  /** http to another computer, from a page that came by https: browsers refuse it. */
  | 'mixed-content';

export type ReadAddress =
  { readonly ok: true; readonly address: string } | { readonly ok: false; readonly fault: AddressFault };

/** Ends of addresses that people copy from documentation, all below the same place. */
const knownEnds = /(\/(chat\/completions|completions|models|embeddings|responses))?\/*$/;

/** What servers print as the address on which they listen stands for all addresses of this computer; nobody can be asked there. */
const listeningNames: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': 'localhost' };

/**
 * The address of a server as a person typed it, brought to the form that requests begin with. A missing scheme means http, a
 * missing path `/v1`.
 * @param page where the app itself comes from, such as `https://example.org`
 * @param asksLocally whether the browser lets a secure page ask http in the local network where the request says so (Chromium)
 */
export function readServerAddress(typed: string, page: string, asksLocally = false): ReadAddress {
  const text = typed.trim();
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || text === '' || !/^https?:$/.test(url.protocol) || /\s/.test(text))
    return { ok: false, fault: 'not-understood' };
  if (url.username !== '' || url.password !== '') return { ok: false, fault: 'credentials' };
  url.hostname = listeningNames[url.hostname] ?? url.hostname;
  const path = url.pathname.replace(knownEnds, '');
  const address = `${url.origin}${path === '' ? '/v1' : path}`;
  const places: readonly ServerPlace[] = asksLocally ? ['here', 'network'] : ['here'];
  if (url.protocol === 'http:' && page.startsWith('https:') && !places.includes(placeOf(address, page)))
    return { ok: false, fault: 'mixed-content' };
  return { ok: true, address };
}

/** A key may be copied with the space around it; anything else that no header can carry is no key. Null: it cannot be one. */
export function readServerKey(typed: string): string | null {
  const key = typed.trim();
  return /^[\x21-\x7e]*$/.test(key) ? key : null;
}

/** Where words go: by the name in the address, since a page is not told what a name stands for. */
export type ServerPlace =
  /** On this computer. */
  | 'here'
  /** Behind the host of the app itself. */
  | 'same-host'
  /** In the network at home or at work. */
  | 'network'
  | 'internet';

/** Those of home and office networks, and those that providers and private networks such as Tailscale share out. */
const privateAddress = /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(\.\d+)+$/;
/** Names that are reserved for private networks, and those without a dot. */
const privateName = /^[^.:]+$|\.(local|internal|home\.arpa)$/;

/** @param page the origin of the app */
export function placeOf(address: string, page: string): ServerPlace {
  const { hostname, origin } = new URL(address);
  if (/^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return 'here';
  if (origin === page) return 'same-host';
  if (privateAddress.test(hostname) || /^\[(f[cd]|fe[89ab])/.test(hostname)) return 'network';
  return privateName.test(hostname) ? 'network' : 'internet';
}

/** The host and the port, as badges and lists show it. */
export const shortAddress = (address: string): string => new URL(address).host;
