/** What a build consists of, as its service worker knows it, and what page and service worker say to each other. Types and names. */
import type { LlamaCppBuild } from '../platform/llama-cpp-build';

/**
 * In the order in which they are fetched. `app` is all of the page and Sotto's own engine; `extras` is what only some answers
 * and files need, such as formulas and PDFs. The others are large, and fetched only when a model needs them or a person asks
 * for everything: the two builds of llama.cpp, of which a browser runs one, and WebLLM.
 */
export const releaseParts = ['app', 'guide', 'extras', 'llama-cpp', 'llama-cpp-compat', 'webllm'] as const;
export type ReleasePart = (typeof releaseParts)[number];

/** What must be on the device before a version can take over: it works offline then. */
export const partsOfWholeRelease: readonly ReleasePart[] = ['app', 'guide', 'extras'];

/** The part of a build of llama.cpp. */
export const llamaCppPart: Readonly<Record<LlamaCppBuild, ReleasePart>> = {
  main: 'llama-cpp',
  compat: 'llama-cpp-compat',
};

/** Whether all of these parts are there. */
export const hasParts = ({ parts }: ReleaseStatus, needed: readonly ReleasePart[]): boolean =>
  parts.every(({ part, bytes, storedBytes }) => bytes === storedBytes || !needed.includes(part));

export interface ReleaseFile {
  /** From the root of the app, without "/" before it. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex of the whole file. */
  readonly sha256: string;
  readonly part: ReleasePart;
  readonly mediaType: string;
  /** Key of `Release.headers`. */
  readonly policy: string;
}

export interface Release {
  /** Short hash of everything in it. The page tells its own in `<meta name="sotto-build">`. */
  readonly build: string;
  /** Of package.json. */
  readonly version: string;
  readonly files: readonly ReleaseFile[];
  /** Security headers by the name of a policy; hosts that cannot send headers exist. */
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One part of a version, as far as it is on the device. */
export interface PartStatus {
  readonly part: ReleasePart;
  readonly bytes: number;
  readonly storedBytes: number;
}

export interface ReleaseStatus {
  readonly build: string;
  readonly version: string;
  readonly parts: readonly PartStatus[];
}

export interface ShellStatus {
  /** What the next navigation gets. */
  readonly current: ReleaseStatus;
  /** A newer version that waits for its turn; null when there is none. */
  readonly next: ReleaseStatus | null;
}

/** Sent with a port to answer on: every request has one answer, a `ShellAnswer`. */
export type ShellRequest =
  | { readonly type: 'status' }
  /** Fetch what is still missing of a version. */
  | { readonly type: 'complete'; readonly build: string; readonly parts: readonly ReleasePart[] }
  /** From the next navigation on, this version is used. Refused while a part of it is missing. */
  | { readonly type: 'switch'; readonly build: string };

/** `storage` where the browser gave no space, `network` for everything that another try may mend. */
export type MissingReason = 'storage' | 'network';

export type ShellAnswer =
  | { readonly ok: true; readonly status: ShellStatus }
  | { readonly ok: false; readonly reason: MissingReason; readonly technical: string };

/** What the service worker tells every page, unasked. */
export type ShellNotice =
  | { readonly type: 'switched'; readonly build: string }
  /** The version of the service worker could not be stored; the browser itself tells nobody why. */
  | { readonly type: 'not-stored'; readonly reason: MissingReason };

/** All caches of the app at `scope` begin with this; other copies on the same origin have their own. @param scope absolute URL, "/" at its end */
export const cachePrefix = (scope: string): string => `sotto:${new URL(scope).pathname}:`;

/** The cache that holds the files of one version. */
export const releaseCacheName = (scope: string, build: string): string => `${cachePrefix(scope)}release:${build}`;

/** What was shared with the app and not taken yet. */
export const inboxCacheName = (scope: string): string => `${cachePrefix(scope)}inbox`;

/** The list of models' libraries in a build; absent where no engine needs one. */
export const modelLibrariesPath = 'model-libraries.json';

/** Where the operating system sends what is shared; answered by the service worker alone. */
export const sharePath = 'share';

/** What was shared, as it waits in the inbox under `inbox/<id>`; its files lie in the same cache, at their addresses. */
export interface SharedItems {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly files: readonly { readonly name: string; readonly type: string; readonly address: string }[];
}
