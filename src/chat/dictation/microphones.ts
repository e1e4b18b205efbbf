/** The microphones there are, named: browsers tell the names only while, or after, one may be used. Never rejects. */
export async function microphones(): Promise<readonly MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  // Chromium names the usual one a second time.
  return (all ?? []).filter(
    ({ kind, label, deviceId }) => kind === 'audioinput' && label !== '' && deviceId !== 'communications',
  );
}
