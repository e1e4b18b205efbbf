interface UserAgentData {
  readonly mobile?: unknown;
  readonly platform?: unknown;
}

/** Whether this is a phone or a tablet, which end pages that take much memory. A guess: no browser promises to say. */
export function isMobile(): boolean {
  const { userAgentData } = navigator as Navigator & { readonly userAgentData?: UserAgentData };
  // Chrome on a tablet says that it is not mobile, because it asks for the pages of desktops.
  if (userAgentData?.mobile === true || userAgentData?.platform === 'Android') return true;
  const { userAgent, maxTouchPoints } = navigator;
  if (/Android|iPhone|iPad|iPod|Mobile/.test(userAgent)) return true;
  const touch = maxTouchPoints > 1;
  // An iPad calls itself a Mac, and no Mac has a touch screen.
  if (/Macintosh/.test(userAgent)) return touch;
  // An Android phone that asks for desktop pages calls itself Linux, but has neither mouse nor trackpad.
  return touch && /Linux/.test(userAgent) && !matchMedia('(any-pointer: fine)').matches;
}
