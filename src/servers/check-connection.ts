/** Walks the way to a server step by step, and finds the step that fails. Knows nothing of the page that shows it. */
import {
  placeOf,
  readServerAddress,
  type AddressFault,
  type ServedModel,
  type ServerConnection,
  type ServerPlace,
} from '../shared/domain/server';
import { failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import type { ReachApi, ServerApi } from '../shared/protocol/server';

export const checkSteps = ['address', 'permission', 'reached', 'admitted', 'models', 'token'] as const;
export type CheckStep = (typeof checkSteps)[number];
export type StepState = 'waiting' | 'running' | 'done' | 'failed';

/** Why a step failed. */
export type Finding =
  | { readonly kind: 'fault'; readonly fault: AddressFault | 'not-allowed' }
  /** Nothing answers at the address. Without `certain`, the browser gave no way to find out: it may also be CORS. */
  | { readonly kind: 'silent'; readonly certain: boolean; readonly failure: Failure }
  /** The list of models is empty. */
  | { readonly kind: 'no-models' }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** `not-asked`: this browser knows no such permission, or needs none for such an address. */
export type LocalPermission = PermissionState | 'not-asked';

/** How far a check has come. Steps before `step` are done, those behind it have not been tried. */
export interface CheckProgress {
  readonly step: CheckStep | 'end';
  /** Null while `step` runs, and at the end. */
  readonly finding: Finding | null;
  readonly permission: LocalPermission | null;
  /** As the server lists them; null until it has. */
  readonly models: readonly ServedModel[] | null;
  /** The model that is asked for one token. */
  readonly asked: string | null;
}

export type CheckedServer = Omit<ServerConnection, 'model'>;

/** What a check stands on. All may reject with a `FailureError`. */
export interface CheckParts {
  /** Where the app itself comes from. */
  readonly page: string;
  /** As `readServerAddress` takes it. */
  readonly asksLocally: boolean;
  /** Whether the policy of this build lets an address be asked. */
  readonly isAllowed: (url: string) => boolean;
  /** Whether servers are to be asked at all: a person may have set the app to this device. */
  readonly isWanted: () => boolean;
  /** Rejects for a name that this browser does not know. */
  readonly permission: (name: string) => Promise<PermissionState>;
  readonly server: Pick<ServerApi, 'listModels' | 'load' | 'generate'>;
  readonly reach: ReachApi;
}

export const untouched: CheckProgress = { step: 'address', finding: null, permission: null, models: null, asked: null };

export function stateOf({ step, finding }: CheckProgress, one: CheckStep): StepState {
  const [at, own] = [step === 'end' ? checkSteps.length : checkSteps.indexOf(step), checkSteps.indexOf(one)];
  if (own !== at) return own < at ? 'done' : 'waiting';
  return finding === null ? 'running' : 'failed';
}

/**
 * Checks a server. Ends with the first step that fails; never rejects.
 * @param wanted the model that is to write one token; else one is chosen
 * @param report told of every change
 */
export async function checkConnection(
  server: CheckedServer,
  parts: CheckParts,
  report: (progress: CheckProgress) => void,
  wanted?: string,
): Promise<CheckProgress> {
  let progress = untouched;
  const go = (change: Partial<CheckProgress>): CheckProgress => {
    progress = { ...progress, ...change };
    report(progress);
    return progress;
  };
  const fail = (step: CheckStep, finding: Finding): CheckProgress => go({ step, finding });

  go({});
  const read = readServerAddress(server.address, parts.page, parts.asksLocally);
  if (!read.ok) return fail('address', { kind: 'fault', fault: read.fault });
  if (!parts.isAllowed(read.address)) return fail('address', { kind: 'fault', fault: 'not-allowed' });
  const asked = { ...server, address: read.address };
  const place = placeOf(asked.address, parts.page);

  go({ step: 'permission' });
  if (!parts.isWanted()) return fail('permission', unwanted(asked));
  const permission = await askPermission(place, parts);
  go({ permission });
  if (permission === 'denied') return fail('permission', refusal(asked));

  go({ step: 'reached' });
  const listed = await findModels(asked, place, parts, (known) => go({ permission: known }));
  if (!listed.ok) return fail(listed.step, listed.finding);
  if (listed.models.length === 0) return fail('models', { kind: 'no-models' });

  const model = choose(listed.models, wanted);
  go({ step: 'token', models: listed.models, asked: model });
  const failure = await askToken({ ...asked, model }, parts);
  if (failure === null) return go({ step: 'end' });
  if (failure.kind !== 'server-unreachable') return fail('token', { kind: 'failure', failure });
  // The list needs no preflight, a question does: a server may let the one through and not the other.
  const there = await isThere(asked, parts);
  return there === true
    ? fail('admitted', { kind: 'failure', failure: { ...failure, kind: 'server-shut' } })
    : fail('token', { kind: 'silent', certain: there === false, failure });
}

/** The names of the permission, of which Chromium has had several, and which other browsers lack. */
async function askPermission(place: ServerPlace, { permission }: CheckParts): Promise<LocalPermission> {
  if (place === 'same-host' || place === 'internet') return 'not-asked';
  for (const name of [place === 'here' ? 'loopback-network' : 'local-network', 'local-network-access'])
    try {
      return await permission(name);
    } catch {
      // Not known here.
    }
  return 'not-asked';
}

const refusal = ({ address }: CheckedServer): Finding => ({
  kind: 'failure',
  failure: {
    kind: 'server-permission',
    technical: `the permission for ${new URL(address).hostname} is denied`,
    subject: new URL(address).host,
  },
});

const unwanted = ({ address }: CheckedServer): Finding => ({
  kind: 'failure',
  failure: {
    kind: 'server-unwanted',
    technical: 'all of the app is set to this device',
    subject: new URL(address).host,
  },
});

type Found =
  | { readonly ok: true; readonly models: readonly ServedModel[] }
  | { readonly ok: false; readonly step: CheckStep; readonly finding: Finding };

/** Asks for the list, and finds out what it means when there is none. */
async function findModels(
  server: CheckedServer,
  place: ServerPlace,
  parts: CheckParts,
  tell: (permission: LocalPermission) => void,
): Promise<Found> {
  const listed = await settled(() => parts.server.listModels(server));
  if (listed.ok) return { ok: true, models: listed.value };
  const { failure } = listed;
  if (failure.kind !== 'server-unreachable') return answered(failure);

  // The browser may have asked the person meanwhile.
  const now = await askPermission(place, parts);
  tell(now);
  if (now === 'denied') return { ok: false, step: 'permission', finding: refusal(server) };

  const there = await isThere(server, parts);
  if (there !== true)
    return { ok: false, step: 'reached', finding: { kind: 'silent', certain: there === false, failure } };
  // What was allowed only now was not allowed to the first question.
  const again = await settled(() => parts.server.listModels(server));
  if (again.ok) return { ok: true, models: again.value };
  if (again.failure.kind !== 'server-unreachable') return answered(again.failure);
  return { ok: false, step: 'admitted', finding: { kind: 'failure', failure: { ...failure, kind: 'server-shut' } } };
}

/** The server could be read, and said something else than its models. */
function answered(failure: Failure): Found {
  if (failure.kind === 'server-not-allowed')
    return { ok: false, step: 'address', finding: { kind: 'fault', fault: 'not-allowed' } };
  // No model was asked for: it is the list that is not there.
  const kind = failure.kind === 'server-lacks-model' ? 'server-not-understood' : failure.kind;
  return { ok: false, step: 'models', finding: { kind: 'failure', failure: { ...failure, kind } } };
}

/** Whether anything answers; null where this browser lets nobody find out. */
async function isThere({ address }: CheckedServer, { reach }: CheckParts): Promise<boolean | null> {
  try {
    return await reach.answers(new URL(address).origin);
  } catch {
    return null;
  }
}

/** Models that turn texts into vectors write nothing. */
const writesNothing = /embed|rerank|bge-|minilm/i;

const choose = (models: readonly ServedModel[], wanted: string | undefined): string =>
  (models.find(({ id }) => id === wanted) ?? models.find(({ id }) => !writesNothing.test(id)) ?? models[0])?.id ?? '';

/** @returns why there is no token, or null */
async function askToken(server: ServerConnection, parts: CheckParts): Promise<Failure | null> {
  const modelId = `server:check:${server.model}`;
  const loaded = await settled(() => parts.server.load({ modelId, engine: 'server', files: [], server }));
  if (!loaded.ok) return loaded.failure;
  const written = await settled(() =>
    parts.server.generate({
      jobId: modelId,
      turns: [{ role: 'user', content: 'Hi' }],
      sampling: { maxTokens: 1, temperature: 0 },
    }),
  );
  return written.ok ? null : written.failure;
}

async function settled<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    return { ok: false, failure: failureFrom(error) };
  }
}
