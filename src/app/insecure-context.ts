/** Browsers without a secure context lack it; the names of stored things need it. */
export function bringRandomIds(): void {
  if (typeof crypto.randomUUID === 'function') return;
  const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const randomUUID = (): ReturnType<Crypto['randomUUID']> => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    // Version 4, variant 1.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return hex(bytes).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5') as ReturnType<Crypto['randomUUID']>;
  };
  Object.defineProperty(crypto, 'randomUUID', { value: randomUUID });
}
