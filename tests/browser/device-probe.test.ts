/** What the probe tells of this browser, and of GPUs that are played to it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { llamaCppLack } from '../../src/shared/platform/llama-cpp-build';
import { isMobile } from '../../src/device/mobile';
import { probeDevice } from '../../src/device/probe';
import { probeWebGpu } from '../../src/device/webgpu-probe';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const name of Object.keys(navigator)) Reflect.deleteProperty(navigator, name);
});

/** Shadows a property of `navigator`, which has none of its own, until the end of the test. */
const pretend = (name: string, value: unknown): void =>
  void Object.defineProperty(navigator, name, { value, configurable: true, enumerable: true });

const limits = {
  maxBufferSize: 4294967296,
  maxStorageBufferBindingSize: 2147483644,
  maxComputeWorkgroupStorageSize: 32768,
  maxStorageBuffersPerShaderStage: 10,
};
const adapter = (changes: object = {}): object => ({
  features: new Set(['shader-f16', 'subgroups', 'timestamp-query']),
  limits,
  info: { vendor: 'nvidia', architecture: 'ampere', device: '', description: 'a card', isFallbackAdapter: false },
  ...changes,
});
const pretendGpu = (given: unknown): void => pretend('gpu', { requestAdapter: () => Promise.resolve(given) });

const full = {
  available: true,
  software: false,
  vendor: 'nvidia',
  architecture: 'ampere',
  description: 'a card',
  f16: true,
  subgroups: true,
  maxBufferBytes: 4294967296,
  maxStorageBufferBindingBytes: 2147483644,
  maxWorkgroupStorageBytes: 32768,
  maxStorageBuffersPerShaderStage: 10,
};

describe('the probe in this browser', () => {
  it('tells what Chromium has', async () => {
    const facts = await probeDevice();
    // Headless without flags: whichever of both it is, it is no GPU to compute with.
    if (facts.webgpu.available) expect(facts.webgpu.software).toBe(true);
    else expect(['no-api', 'no-adapter']).toContain(facts.webgpu.reason);
    expect(facts.cores).toBe(navigator.hardwareConcurrency);
    expect(facts.memoryGiB).toBeGreaterThan(0.2);
    expect(facts.crossOriginIsolated).toBe(globalThis.crossOriginIsolated);
    expect(facts.threads).toBe(globalThis.crossOriginIsolated);
    expect(facts.llamaCpp).toEqual({ build: 'main', memoryBytes: 4 * 1024 ** 3, pieceBytes: Infinity, gpu: true });
    expect(facts.mobile).toBe(false);
    expect(facts.storage.quotaBytes).toBeGreaterThan(1e6);
    expect(facts.storage.usedBytes).toBeGreaterThanOrEqual(0);
    expect(facts.storage.persisted).toBe(await navigator.storage.persisted());
  });

  it('survives a browser that tells nothing', async () => {
    for (const name of ['gpu', 'storage', 'deviceMemory', 'hardwareConcurrency', 'userAgentData'])
      pretend(name, undefined);
    expect(await probeDevice()).toMatchObject({
      webgpu: { available: false, reason: 'no-api' },
      memoryGiB: null,
      cores: 1,
      storage: { quotaBytes: null, usedBytes: null, persisted: null },
    });
  });

  it('takes a storage that refuses as one that does not tell', async () => {
    pretend('storage', {
      estimate: () => Promise.reject(new TypeError('not here')),
      persisted: () => {
        throw new TypeError('not here');
      },
    });
    expect((await probeDevice()).storage).toEqual({ quotaBytes: null, usedBytes: null, persisted: null });
  });
});

/** Memories as other browsers grant them. */
function grantMemory(allows: (descriptor: { readonly address?: string; readonly maximum: number }) => boolean): void {
  const Real = WebAssembly.Memory;
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
    const { address, maximum } = descriptor as { address?: string; maximum: number | bigint };
    if (!allows({ ...(address !== undefined && { address }), maximum: Number(maximum) }))
      throw new RangeError('WebAssembly.Memory: could not allocate memory');
    return new Real(descriptor);
  });
}

describe('which llama.cpp runs here', () => {
  const pages = 64 * 1024;

  it('without 64-bit memory, the build for older browsers: on the CPU, with weights of up to 2 GiB', async () => {
    grantMemory(({ address }) => address === undefined);
    expect((await probeDevice()).llamaCpp).toEqual({
      build: 'compat',
      memoryBytes: 4 * 1024 ** 3,
      pieceBytes: 2 ** 31 - 1,
      gpu: false,
    });
  });

  it('without JSPI, the usual build, on the CPU alone', async () => {
    const suspending = Object.getOwnPropertyDescriptor(WebAssembly, 'Suspending') ?? {};
    Reflect.deleteProperty(WebAssembly, 'Suspending');
    expect((await probeDevice()).llamaCpp).toMatchObject({ build: 'main', gpu: false });
    Object.defineProperty(WebAssembly, 'Suspending', suspending);
  });

  it('with as much memory as the browser grants', async () => {
    grantMemory(({ address, maximum }) => address === undefined && maximum * pages <= 2.1 * 1024 ** 3);
    expect((await probeDevice()).llamaCpp).toMatchObject({ build: 'compat', memoryBytes: 2 * 1024 ** 3 });
  });

  it('none without SIMD, shared memory or WebAssembly, each by its name', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect([(await probeDevice()).llamaCpp, llamaCppLack()]).toEqual([null, 'features']);
    vi.restoreAllMocks();
    grantMemory(() => false);
    expect([(await probeDevice()).llamaCpp, llamaCppLack()]).toEqual([null, 'features']);
    vi.restoreAllMocks();
    const real = WebAssembly;
    Reflect.set(globalThis, 'WebAssembly', undefined);
    expect([(await probeDevice()).llamaCpp, llamaCppLack()]).toEqual([null, 'webassembly']);
    Reflect.set(globalThis, 'WebAssembly', real);
  });
});

describe('the probe of a GPU', () => {
  it('asks for the fast one and reads all of it', async () => {
    const requestAdapter = vi.fn(() => Promise.resolve(adapter()));
    pretend('gpu', { requestAdapter });
    expect(await probeWebGpu()).toEqual(full);
    expect(requestAdapter).toHaveBeenCalledExactlyOnceWith({ powerPreference: 'high-performance' });
  });

  it.each([
    ['without f16', { features: new Set() }, { f16: false, subgroups: false }],
    [
      'with small limits',
      { limits: { ...limits, maxStorageBufferBindingSize: 134217728, maxStorageBuffersPerShaderStage: 8 } },
      { maxStorageBufferBindingBytes: 134217728, maxStorageBuffersPerShaderStage: 8 },
    ],
    [
      'of software, by its name',
      { info: { vendor: 'google', architecture: 'swiftshader', description: '' } },
      { software: true, vendor: 'google' },
    ],
    ['of software, by Windows', { info: { description: 'Microsoft Basic Render Driver' } }, { software: true }],
    ['of software, by its info', { info: { isFallbackAdapter: true } }, { software: true, vendor: '' }],
    ['of software, by its old property', { info: {}, isFallbackAdapter: true }, { software: true }],
    [
      'that tells nothing of itself',
      { info: undefined, limits: undefined, features: undefined },
      { software: false, vendor: '', f16: false, maxBufferBytes: 0 },
    ],
  ])('tells what there is of one %s', async (_, changes, facts) => {
    pretendGpu(adapter(changes));
    expect(await probeWebGpu()).toMatchObject({ available: true, ...facts });
  });

  const none = { available: false, reason: 'no-adapter' };

  it('has none where the browser gives none', async () => {
    pretendGpu(null);
    expect(await probeWebGpu()).toEqual(none);
  });

  it.each([
    ['rejects', () => Promise.reject(new DOMException('lost', 'OperationError'))],
    [
      'throws',
      () => {
        throw new TypeError('blocked');
      },
    ],
    [
      'answers with a broken adapter',
      () =>
        Promise.resolve({
          get limits(): never {
            throw new DOMException('lost');
          },
        }),
    ],
  ])('has none where the request %s', async (_, requestAdapter) => {
    pretend('gpu', { requestAdapter });
    expect(await probeWebGpu()).toEqual(none);
  });

  it('gives a driver that hangs three seconds', async () => {
    vi.useFakeTimers();
    pretend('gpu', { requestAdapter: () => new Promise(() => {}) });
    const settled = vi.fn();
    const probe = probeWebGpu().then(settled);
    await vi.advanceTimersByTimeAsync(2900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    await probe;
    expect(settled).toHaveBeenCalledExactlyOnceWith(none);
  });
});

describe('phones and tablets', () => {
  const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15';
  const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36';
  const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36';
  const android = 'Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';

  it.each([
    ['a phone with Chrome', android, { mobile: true, platform: 'Android' }, 5, false, true],
    ['a tablet with Chrome', linux, { mobile: false, platform: 'Android' }, 5, false, true],
    ['a phone with Firefox', android, undefined, 5, false, true],
    ['an iPad', mac, undefined, 5, true, true],
    ['a Mac', mac, undefined, 0, true, false],
    ['a phone that asks for desktop pages', linux, { mobile: false, platform: 'Linux' }, 5, false, true],
    ['a laptop with a touch screen', linux, { mobile: false, platform: 'Linux' }, 10, true, false],
    ['a Windows tablet', windows, { mobile: false, platform: 'Windows' }, 10, false, false],
  ])('are told from computers: %s', (_, userAgent, userAgentData, maxTouchPoints, mouse, mobile) => {
    pretend('userAgent', userAgent);
    pretend('userAgentData', userAgentData);
    pretend('maxTouchPoints', maxTouchPoints);
    vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: mouse } as MediaQueryList);
    expect(isMobile()).toBe(mobile);
  });
});
