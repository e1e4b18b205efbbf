interface MemoryMeasuring {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

/** It waits for the next garbage collection, which may be long in coming. */
const mostMs = 4000;

/** Memory of this page and its workers as the browser counts it, MiB; null where it does not, or takes too long. Not what the device has in use. */
export async function sampleMemory(): Promise<number | null> {
  const measuring = performance as MemoryMeasuring;
  if (!measuring.measureUserAgentSpecificMemory) return null;
  try {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), mostMs));
    const measured = await Promise.race([measuring.measureUserAgentSpecificMemory(), late]);
    return measured && measured.bytes / 1024 ** 2;
  } catch {
    return null;
  }
}
