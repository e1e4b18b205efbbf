import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/shared/platform/record-requests';
import { keptAddress } from '../../src/shared/platform/request-log';
import { isSelfTestAddress } from '../../src/shared/protocol/self-test';

const own = 'sotto.example';
const entry = (name: string, transferSize: number, decodedBodySize: number, responseStatus: number) =>
  ({ name, transferSize, decodedBodySize, responseStatus }) as PerformanceResourceTiming;

describe('what the browser tells of a request', () => {
  it.each([
    ['over the network', entry(`https://${own}/a.js`, 1300, 1000, 200), { bytes: 1300, result: 'answered' }],
    ['an error of the host', entry(`https://${own}/a.js`, 400, 100, 404), { bytes: 400, result: 'refused' }],
    ['not changed since', entry(`https://${own}/a.js`, 300, 1000, 200), { bytes: 300, result: 'answered' }],
    ['another host that tells nothing', entry('https://hf.co/m', 0, 0, 200), { bytes: null, result: 'answered' }],
    ['another host that is not there', entry('https://x.invalid/m', 0, 0, 0), { bytes: null, result: 'failed' }],
    ['our host, without a network', entry(`https://${own}/a.js`, 0, 0, 0), { bytes: 0, result: 'failed' }],
  ])('is read as bytes and a result: %s', (_, timing, figures) => {
    expect(figuresOf(timing, own)).toEqual(figures);
  });

  it.each([
    ['from a cache on this device', entry(`https://${own}/a.js`, 0, 1000, 200)],
    ['a Blob', entry(`blob:https://${own}/7f`, 0, 0, 0)],
    ['data', entry('data:image/png;base64,AAAA', 0, 0, 0)],
  ])('nothing for what never left it: %s', (_, timing) => {
    expect(figuresOf(timing, own)).toBeNull();
  });
});

describe('the address that is kept', () => {
  it('has neither query nor fragment, which may carry words or keys', () => {
    expect(keptAddress('https://user:secret@cdn.example:8443/a/b.bin?Signature=abc#x')).toEqual({
      host: 'cdn.example:8443',
      path: '/a/b.bin',
    });
  });
});

describe('an attempt of the self-test', () => {
  it('is told from other requests, whatever host was named', () => {
    expect(isSelfTestAddress('https://sotto-self-test.invalid')).toBe(true);
    expect(isSelfTestAddress('http://192.168.1.5:8000/sotto-self-test/page/fetch')).toBe(true);
    expect(isSelfTestAddress('https://huggingface.co/sotto-self-test')).toBe(false);
    expect(isSelfTestAddress('inline')).toBe(false);
  });
});
