import type { CDPSession, Page } from '@playwright/test';

/**
 * Lets the browser give the app's origin no more than so many bytes; null for as many as usual. Before the app writes anything:
 * Chromium remembers for half a minute how much space there was. And from a page of the same origin, since the override goes
 * with the process of another. That first page has no icon: forgive `favicon.ico`.
 * @returns changes it later
 */
export async function limitSpace(page: Page, bytes: number): Promise<(bytes: number | null) => Promise<void>> {
  await page.goto('/icons/sotto.svg');
  const { origin } = new URL(page.url());
  const session: CDPSession = await page.context().newCDPSession(page);
  const limit = async (quotaSize: number | null): Promise<void> => {
    await session.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize !== null && { quotaSize }) });
  };
  await limit(bytes);
  return limit;
}
