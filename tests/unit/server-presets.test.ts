/** The lines that people paste into a terminal must be whole, and name the page's origin and nothing else. */
import { describe, expect, it } from 'vitest';
import { presets, sortLines, systemOf } from '../../src/servers/presets';
import { readServerAddress, serverKinds } from '../../src/shared/domain/server';
import { serverIsAllowed } from '../../src/shared/platform/server-hosts';

const origin = 'https://sotto.example:8443';
const linesOf = (kind: keyof typeof presets): string[] => presets[kind].admission(origin).map(({ line }) => line);

describe('the known servers', () => {
  it('have usual addresses that are understood, and that every build allows, from a secure page too', () => {
    for (const kind of serverKinds) {
      const { address } = presets[kind];
      if (address === '') continue;
      const read = readServerAddress(address, origin);
      expect(read).toEqual({ ok: true, address: `${address}/v1` });
      expect(serverIsAllowed(address)).toBe(true);
    }
    expect(serverKinds.filter((kind) => presets[kind].address === '')).toEqual(['other']);
  });

  it('are told the origin as their own documentation has it', () => {
    expect(linesOf('ollama')).toContain(`OLLAMA_ORIGINS="${origin}" ollama serve`);
    expect(linesOf('ollama')).toContain(`launchctl setenv OLLAMA_ORIGINS "${origin}"`);
    expect(linesOf('ollama')).toContain(`setx OLLAMA_ORIGINS "${origin}"`);
    expect(linesOf('vllm')).toEqual([`vllm serve MODEL --allowed-origins '["${origin}"]'`]);
    expect(linesOf('llama-server')).toEqual([]);
    expect(linesOf('jan')).toEqual([]);
  });

  it('let in no page but this one', () => {
    for (const kind of serverKinds) for (const line of linesOf(kind)) expect(line).not.toContain('*');
  });
});

describe('the lines for a system', () => {
  const lines = presets.ollama.admission(origin);
  const places = (agent: string): string[] => sortLines(lines, systemOf(agent)).own.map(({ place }) => place);

  it('begin with those of this computer', () => {
    expect(places('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toEqual(['macos-app', 'unix-terminal']);
    expect(places('Mozilla/5.0 (X11; Linux x86_64; rv:140.0)')).toEqual(['unix-terminal', 'linux-service']);
    expect(places('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toEqual(['windows']);
    // A phone is not where the server runs.
    expect(places('Mozilla/5.0 (Linux; Android 10; K)')).toHaveLength(4);
    expect(places('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)')).toHaveLength(4);
  });

  it('are never lost: the others follow', () => {
    for (const system of ['macos', 'linux', 'windows', 'unknown'] as const)
      for (const kind of serverKinds) {
        const all = presets[kind].admission(origin);
        const { own, others } = sortLines(all, system);
        expect([...own, ...others]).toHaveLength(all.length);
        expect(own.length > 0).toBe(all.length > 0);
      }
  });
});
