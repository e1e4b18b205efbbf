/** Starts workers under Trusted Types. Only scripts of our own origin are let through. */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

const ownScriptUrl = (url: string): string => {
  const absolute = new URL(url, import.meta.url);
  if (absolute.origin !== location.origin) throw new TypeError(`Not a script of this origin: ${url}`);
  return absolute.href;
};

interface TrustedTypesScope {
  readonly trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
}

// A policy name can be registered once in a page; this module is evaluated once.
const policy: ScriptUrlPolicy = (globalThis as TrustedTypesScope).trustedTypes?.createPolicy('sotto', {
  createScriptURL: ownScriptUrl,
}) ?? { createScriptURL: ownScriptUrl };

/**
 * Starts a module worker.
 * @param url from a `?worker&url` import
 * @throws TypeError for another origin; ReferenceError where the browser has no workers
 */
export function startWorker(url: string, name: string): Worker {
  return new Worker(policy.createScriptURL(url), { type: 'module', name });
}

/**
 * Registers the service worker for the folder it lies in.
 * @param url absolute
 * @throws TypeError or DOMException where the browser refuses
 */
export function registerServiceWorker(url: string): Promise<ServiceWorkerRegistration> {
  // The browser asks the host itself whether the script has changed, never a cache.
  return navigator.serviceWorker.register(policy.createScriptURL(url), { updateViaCache: 'none' });
}
