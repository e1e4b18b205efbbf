/** Entry of the worker for files of the Lab: reading a large one takes seconds, for which it must not hold up the page. */
import './restrict-scope';
import { expose } from 'comlink';
import { failureFrom, type FailureKind, type Result } from '../src/shared/protocol/failure';
import type { SetFilesApi, SetProgress } from '../src/shared/protocol/set-files';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { writeOwnJsonl } from './set-files/own-jsonl';
import { readExchange } from './set-files/read-exchange';
import { readSet } from './set-files/read-set';
import { writeCsv } from './set-files/write-csv';
import { writePromptfoo } from './set-files/write-promptfoo';
import { writeResultsCsv } from './set-files/write-results';

/** As often as an eye sees a bar move, in ms. */
const progressEveryMs = 100;

function progressTeller(): (fraction: number) => void {
  let toldAt = performance.now();
  return (fraction) => {
    const now = performance.now();
    if (now - toldAt < progressEveryMs) return;
    toldAt = now;
    self.postMessage({ event: { fraction } } satisfies WorkerEvent<SetProgress>);
  };
}

async function attempt<Value>(work: () => Promise<Value>, kind: FailureKind = 'unexpected'): Promise<Result<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, kind) };
  }
}

const api: SetFilesApi = {
  readSet: (name, content) =>
    attempt(async () => {
      const bytes = typeof content === 'string' ? content : new Uint8Array(await content.arrayBuffer());
      return readSet(name, bytes, { progress: progressTeller() });
    }, 'lab-set-unreadable'),
  writeSet: (form, set) =>
    attempt(async () => {
      if (form === 'csv') return { text: await writeCsv(set), unknownThere: [] };
      if (form === 'jsonl') return { text: writeOwnJsonl(set), unknownThere: [] };
      return writePromptfoo(set);
    }),
  readResults: (file) => attempt(() => readExchange(file), 'lab-results-unreadable'),
  writeResults: (set, results) => attempt(() => writeResultsCsv(set, results)),
};
expose(api);
