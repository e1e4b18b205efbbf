/** The address, or null for what is none. (`URL.parse` came to Safari with version 18.) */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
