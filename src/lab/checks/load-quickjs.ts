import quickJsUrl from '@jitl/quickjs-wasmfile-release-sync/wasm?url';

let compiled: Promise<WebAssembly.Module> | null = null;

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(quickJsUrl);
  if (!response.ok) throw new Error(`QuickJS: ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/**
 * The engine for code of answers, fetched and compiled once, however often its worker has to be ended. The worker cannot fetch it.
 * Rejects where it does not come or where there is no WebAssembly; asked again, it tries again.
 */
export async function loadQuickJs(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  try {
    return await compiled;
  } catch (error) {
    compiled = null;
    throw error;
  }
}
