/** Calls the agent in a page, and puts it there first where a new page has none. */
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import type { PageAgent } from './page-agent';
import type { RemoteTab } from './remote-tab';

const agentName = 'sottoAgent';
let source: Promise<string> | null = null;

/** The agent with its libraries as one script. Built once for all tests of a process. */
function agentSource(): Promise<string> {
  source ??= bundle();
  return source;
}

async function bundle(): Promise<string> {
  const entry = join(import.meta.dirname, 'page-agent.ts');
  const output = (await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, minify: true, target: 'es2022', lib: { entry, name: agentName, formats: ['iife'] } },
  })) as Rolldown.RolldownOutput | Rolldown.RolldownOutput[];
  const [chunk] = [output].flat()[0]?.output ?? [];
  if (!chunk) throw new Error('the agent was not built');
  return chunk.code;
}

type Answer<T> = { readonly url: string } & (
  { readonly ok: T } | { readonly missing: true } | { readonly thrown: string }
);

/** Long enough for the agent on the busiest machine, in ms. */
const quickMs = 10_000;

function refuseUnlessGone(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('no answer')) return null;
  throw error;
}

export async function callAgent<Name extends keyof PageAgent>(
  tab: RemoteTab,
  name: Name,
  ...args: Parameters<PageAgent[Name]>
): Promise<Awaited<ReturnType<PageAgent[Name]>>> {
  type Value = Awaited<ReturnType<PageAgent[Name]>>;
  const call = `(async () => {
    const { agent } = globalThis.${agentName} ?? {};
    const url = location.href;
    if (!agent) return { url, missing: true };
    try { return { url, ok: (await agent.${name}(...${JSON.stringify(args)})) ?? null }; }
    catch (error) { return { url, thrown: error.message }; }
  })()`;
  // Once more where the page went away over it, and where it has no agent yet.
  for (let tries = 0; tries < 4; tries += 1) {
    const answer = (await tab.evaluate(call, quickMs).catch(refuseUnlessGone)) as Answer<Value> | null;
    if (answer === null) continue;
    tab.url = answer.url;
    if ('thrown' in answer) throw new Error(answer.thrown);
    if ('ok' in answer) return answer.ok;
    await tab.evaluate(`(() => { ${await agentSource()}; globalThis.${agentName} = ${agentName}; })()`);
  }
  throw new Error('the page went away');
}
