/** Which browser and system this is, as it says of itself. */

interface ClientHints {
  readonly brands?: readonly { readonly brand: string; readonly version: string }[];
  readonly platform?: string;
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows NT/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

export interface BrowserIdentity {
  readonly browser: string;
  readonly major: number;
  readonly os: string;
}

export function identify(userAgent: string, hints: ClientHints | undefined): BrowserIdentity {
  const os = hints?.platform || (systems.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'unknown');
  // The list of brands holds a false one on purpose, and Chromium beside the browser's own name.
  const brand = hints?.brands?.find(({ brand: name }) => !/not.?a.?brand|chromium/i.test(name));
  const chromium = hints?.brands?.find(({ brand: name }) => name === 'Chromium');
  const hinted = brand ?? chromium;
  if (hinted) return { browser: hinted.brand, major: Number(hinted.version) || 0, os };
  for (const [pattern, browser] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return { browser, major: Number(version), os };
  }
  return { browser: 'unknown', major: 0, os };
}

export const thisBrowser = (): BrowserIdentity =>
  identify(navigator.userAgent, Reflect.get(navigator, 'userAgentData') as ClientHints | undefined);
