/**
 * Imports a module of the project that is written in TypeScript: Node 20 does not read it; Vite, which is here anyway, does.
 * Vite then takes this process for one of development. Whatever is built afterwards, here or by a child, would be a development
 * build (Svelte's is larger and slower), so this leaves NODE_ENV as it was.
 * @param {string} path from the root of the project, with "/" at its start
 */
export async function importTypeScript(path) {
  // Not before: whoever calls this may have to install it first.
  const { runnerImport } = await import('vite');
  const before = process.env.NODE_ENV;
  try {
    return (await runnerImport(path)).module;
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
