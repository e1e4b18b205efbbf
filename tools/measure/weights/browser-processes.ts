/** The processes of one browser, as Linux tells of them. */
import { readdir, readFile } from 'node:fs/promises';

export interface BrowserProcess {
  readonly pid: number;
  /** "browser", "renderer", "gpu-process", or what a utility process is for. */
  readonly kind: string;
}

/** A process may end at any moment: what it leaves unread counts as nothing. */
const read = (pid: number, name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');

/** @param profile the folder that the browser was started with. @throws Error when no such browser runs */
export async function processesOf(profile: string): Promise<BrowserProcess[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const all = await Promise.all(
    pids.map(async (pid) => ({
      pid,
      parent: Number(/\) \S (\d+)/.exec(await read(pid, 'stat'))?.[1]),
      command: (await read(pid, 'cmdline')).split(/[\0 ]/),
    })),
  );
  const root = all.find(
    ({ command }) =>
      command.includes(`--user-data-dir=${profile}`) && !command.some((part) => part.startsWith('--type=')),
  );
  if (!root) throw new Error(`no browser runs with the profile ${profile}`);
  const family = [root];
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family.map(({ pid, command }) => ({ pid, kind: kindOf(command) }));
}

function kindOf(command: readonly string[]): string {
  const valueOf = (name: string): string | undefined =>
    command.find((part) => part.startsWith(`--${name}=`))?.slice(name.length + 3);
  // "network.mojom.NetworkService"
  const utility = valueOf('utility-sub-type')?.split('.')[0];
  return utility ?? valueOf('type') ?? (command[0]?.includes('crashpad') ? 'crashpad' : 'browser');
}

/** Memory of a process in bytes: what it shares counts by its share; all of it where the system does not tell shares. */
export async function memoryOf({ pid }: BrowserProcess): Promise<number> {
  const share = /^Pss:\s+(\d+) kB/m.exec(await read(pid, 'smaps_rollup'))?.[1];
  if (share !== undefined) return Number(share) * 1024;
  return Number((await read(pid, 'statm')).split(' ')[1] ?? 0) * 4096;
}

/** Bytes that the browser has asked the system to read so far, from files and from pipes. */
export async function bytesReadBy(profile: string): Promise<number> {
  const counters = await Promise.all((await processesOf(profile)).map(({ pid }) => read(pid, 'io')));
  return counters.reduce((sum, text) => sum + Number(/^rchar: (\d+)/m.exec(text)?.[1] ?? 0), 0);
}

/** Seconds of processor time so far, by the kind of process. */
export async function processorSecondsOf(profile: string): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { pid, kind } of await processesOf(profile)) {
    const fields = (await read(pid, 'stat')).replace(/^.*\) /, '').split(' ');
    // In hundredths, the fields utime and stime.
    seconds[kind] = (seconds[kind] ?? 0) + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
  }
  return seconds;
}
