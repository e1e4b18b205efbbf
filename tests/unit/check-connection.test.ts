/** The walk to a server, with every step of it failing in turn. */
import { describe, expect, it } from 'vitest';
import {
  checkConnection,
  checkSteps,
  stateOf,
  type CheckedServer,
  type CheckParts,
  type CheckProgress,
} from '../../src/servers/check-connection';
import { failed, FailureError, type FailureKind, type Result } from '../../src/shared/protocol/failure';
import type { ServedModel } from '../../src/shared/domain/server';

const ollama: CheckedServer = { kind: 'ollama', address: 'http://localhost:11434/v1' };
const unreachable = failed('server-unreachable', 'Failed to fetch');

interface Given {
  readonly page?: string;
  readonly allowed?: boolean;
  readonly wanted?: boolean;
  /** Answers to the questions for permission, in turn; the last one stays. */
  readonly permissions?: Readonly<Record<string, readonly PermissionState[]>>;
  /** Answers to the questions for the list, in turn; the last one stays. */
  readonly lists?: readonly Result<readonly ServedModel[]>[];
  readonly answers?: boolean | 'no-worker';
  readonly load?: FailureKind;
  readonly generate?: FailureKind;
}

function partsFor(given: Given): { parts: CheckParts; calls: string[] } {
  const calls: string[] = [];
  const next = <T>(list: readonly T[], made: number): T => {
    const value = list[Math.min(made, list.length - 1)];
    if (value === undefined) throw new Error('nothing is scripted');
    return value;
  };
  const made = (prefix: string): number => calls.filter((call) => call.startsWith(prefix)).length;
  const parts = {
    page: given.page ?? 'http://localhost:5173',
    asksLocally: false,
    isAllowed: () => given.allowed ?? true,
    isWanted: () => given.wanted ?? true,
    permission: (name) => {
      const states = given.permissions?.[name];
      if (!states) return Promise.reject(new TypeError(`${name} is no permission`));
      const state = next(states, made(`permission ${name}`));
      calls.push(`permission ${name}`);
      return Promise.resolve(state);
    },
    server: {
      listModels: ({ address }) => {
        const answer = next(given.lists ?? [{ ok: true, value: [{ id: 'qwen3:8b' }] }], made('list'));
        calls.push(`list ${address}`);
        return Promise.resolve(answer);
      },
      load: ({ server }) => {
        calls.push(`load ${server?.model ?? ''}`);
        return Promise.resolve(given.load ? failed(given.load, 'load') : { ok: true as const, value: {} as never });
      },
      generate: ({ sampling }) => {
        calls.push(`generate ${sampling.maxTokens ?? 'all'}`);
        return Promise.resolve(
          given.generate ? failed(given.generate, 'generate') : { ok: true as const, value: {} as never },
        );
      },
    },
    reach: {
      answers: (origin) => {
        calls.push(`reach ${origin}`);
        if (given.answers === 'no-worker')
          return Promise.reject(new FailureError({ kind: 'part-unreachable', technical: 'no such worker' }));
        return Promise.resolve(given.answers ?? false);
      },
    },
  } satisfies CheckParts;
  return { parts, calls };
}

async function check(given: Given, server = ollama, wanted?: string) {
  const { parts, calls } = partsFor(given);
  const seen: CheckProgress[] = [];
  const result = await checkConnection(server, parts, (progress) => seen.push(progress), wanted);
  // What is shown last is what is returned.
  expect(seen.at(-1)).toBe(result);
  return { result, calls, seen };
}

describe('a check of a server', () => {
  it('walks all steps, and ends with one token of a model that writes', async () => {
    const lists = [{ ok: true as const, value: [{ id: 'nomic-embed-text' }, { id: 'qwen3:8b' }] }];
    const { result, calls, seen } = await check({ lists, permissions: { 'loopback-network': ['granted'] } });
    expect(result).toMatchObject({ step: 'end', finding: null, permission: 'granted', asked: 'qwen3:8b' });
    expect(result.models).toHaveLength(2);
    expect(calls).toEqual([
      'permission loopback-network',
      'list http://localhost:11434/v1',
      'load qwen3:8b',
      'generate 1',
    ]);
    expect([...new Set(seen.map(({ step }) => step))]).toEqual(['address', 'permission', 'reached', 'token', 'end']);
    expect(checkSteps.map((step) => stateOf(result, step))).toEqual(checkSteps.map(() => 'done'));
  });

  it('asks the model that is wanted, where the server has it', async () => {
    const lists = [{ ok: true as const, value: [{ id: 'a' }, { id: 'b' }] }];
    expect((await check({ lists }, ollama, 'b')).result.asked).toBe('b');
    expect((await check({ lists }, ollama, 'gone')).result.asked).toBe('a');
  });

  it('asks nobody where the address has a fault, or the policy does not allow it', async () => {
    const credentials = await check({}, { ...ollama, address: 'http://me:secret@localhost:11434' });
    expect(credentials.result).toMatchObject({ step: 'address', finding: { kind: 'fault', fault: 'credentials' } });
    const mixed = await check({ page: 'https://example.org' }, { ...ollama, address: 'http://192.168.1.5:8000' });
    expect(mixed.result.finding).toEqual({ kind: 'fault', fault: 'mixed-content' });
    const outside = await check({ allowed: false });
    expect(outside.result.finding).toEqual({ kind: 'fault', fault: 'not-allowed' });
    for (const { calls } of [credentials, mixed, outside]) expect(calls).toEqual([]);
  });

  it('asks for the permission by the place of the server, under an older name where the browser knows only that', async () => {
    const permissions = { 'local-network': ['granted'], 'loopback-network': ['granted'] } as const;
    expect((await check({ permissions }, { ...ollama, address: 'http://192.168.1.5:8000' })).calls[0]).toBe(
      'permission local-network',
    );
    const older = await check({ permissions: { 'local-network-access': ['prompt'] } });
    expect(older.calls[0]).toBe('permission local-network-access');
    expect(older.result.permission).toBe('prompt');
    const unknown = await check({});
    expect(unknown.result).toMatchObject({ step: 'end', permission: 'not-asked' });
    const far = await check({ permissions }, { ...ollama, address: 'https://api.example.org' });
    expect(far.result.permission).toBe('not-asked');
  });

  it('does not ask the server where the permission is denied', async () => {
    const { result, calls } = await check({ permissions: { 'loopback-network': ['denied'] } });
    expect(result).toMatchObject({
      step: 'permission',
      finding: { failure: { kind: 'server-permission', subject: 'localhost:11434' } },
    });
    expect(calls).toEqual(['permission loopback-network']);
    expect(checkSteps.map((step) => stateOf(result, step))).toEqual([
      'done',
      'failed',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ]);
  });

  it('asks nobody while the app is to use models of this device only', async () => {
    const { result, calls } = await check({ wanted: false, permissions: { 'loopback-network': ['granted'] } });
    expect(result).toMatchObject({ step: 'permission', finding: { failure: { kind: 'server-unwanted' } } });
    expect(calls).toEqual([]);
  });

  it('names the permission when it was refused while the server was asked', async () => {
    const { result } = await check({
      lists: [unreachable],
      permissions: { 'loopback-network': ['prompt', 'denied'] },
      answers: false,
    });
    expect(result).toMatchObject({ step: 'permission', finding: { failure: { kind: 'server-permission' } } });
  });

  it('goes on when it was granted only to the second question', async () => {
    const models = { ok: true as const, value: [{ id: 'qwen3:8b' }] };
    const { result } = await check({
      lists: [unreachable, models],
      permissions: { 'loopback-network': ['prompt', 'prompt'] },
      answers: true,
    });
    expect(result.step).toBe('end');
  });

  it('tells CORS from a server that is not there, and says so where it cannot', async () => {
    const shut = await check({ lists: [unreachable], answers: true });
    expect(shut.result).toMatchObject({ step: 'admitted', finding: { failure: { kind: 'server-shut' } } });
    expect(shut.calls).toContain('reach http://localhost:11434');
    const silent = await check({ lists: [unreachable], answers: false });
    expect(silent.result).toMatchObject({ step: 'reached', finding: { kind: 'silent', certain: true } });
    const unclear = await check({ lists: [unreachable], answers: 'no-worker' });
    expect(unclear.result).toMatchObject({ step: 'reached', finding: { kind: 'silent', certain: false } });
  });

  it.each([
    ['server-key', 'server-key'],
    ['server-error', 'server-error'],
    ['server-lacks-model', 'server-not-understood'],
  ] as const)('takes %s as an answer to the question for the list: %s', async (kind, shown) => {
    const { result } = await check({ lists: [failed(kind, 'HTTP')] });
    expect(result).toMatchObject({ step: 'models', finding: { kind: 'failure', failure: { kind: shown } } });
    expect(stateOf(result, 'admitted')).toBe('done');
  });

  it('says that a list is empty, and asks for no token', async () => {
    const { result, calls } = await check({ lists: [{ ok: true, value: [] }] });
    expect(result).toMatchObject({ step: 'models', finding: { kind: 'no-models' } });
    expect(calls.some((call) => call.startsWith('load'))).toBe(false);
  });

  it('keeps the list where only the token fails', async () => {
    const { result } = await check({ generate: 'server-error' });
    expect(result).toMatchObject({ step: 'token', finding: { failure: { kind: 'server-error' } } });
    expect(result.models).toEqual([{ id: 'qwen3:8b' }]);
    expect((await check({ load: 'server-busy' })).result).toMatchObject({
      finding: { failure: { kind: 'server-busy' } },
    });
  });

  it('names CORS where the list is let through, and the question is not', async () => {
    const { result } = await check({ generate: 'server-unreachable', answers: true });
    expect(result).toMatchObject({ step: 'admitted', finding: { failure: { kind: 'server-shut' } } });
  });

  it('says that nothing answers any more where the server ends before the token', async () => {
    const { result } = await check({ generate: 'server-unreachable', answers: false });
    expect(result).toMatchObject({ step: 'token', finding: { kind: 'silent', certain: true } });
  });
});
