/** Stops what else uses the processor for the seconds in which something is being timed. */
import { spawnSync } from 'node:child_process';

let stopped = [];
let quietSince = 0;
let quietMs = 0;
export const quietMilliseconds = () => quietMs;

/** The process and all it has started: workers come and go with each step of a training, say. */
function family(pid) {
  const table = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) found.push(...rows.filter(([, owner]) => owner === parent).map(([child]) => child));
  return found;
}

function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

export function quiet(rootPid) {
  if (!rootPid) return;
  stopped = family(rootPid);
  signalAll(stopped, 'SIGSTOP');
  quietSince = performance.now();
}

export function unquiet() {
  if (stopped.length === 0) return;
  signalAll(stopped, 'SIGCONT');
  stopped = [];
  quietMs += performance.now() - quietSince;
}

// Whatever happens, nobody stays stopped.
process.on('exit', unquiet);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
