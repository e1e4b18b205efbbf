import { describe, expect, it } from 'vitest';
import { placeOf, readServerAddress, readServerKey, shortAddress } from '../../src/shared/domain/server';

const plain = 'http://localhost:5173';
const secure = 'https://sotto.example';

describe('an address of a server', () => {
  it.each([
    ['localhost:11434', 'http://localhost:11434/v1'],
    ['  http://localhost:11434/  ', 'http://localhost:11434/v1'],
    ['http://LOCALHOST:11434/v1/', 'http://localhost:11434/v1'],
    ['http://localhost:11434/v1/chat/completions', 'http://localhost:11434/v1'],
    ['http://localhost:11434/v1/models/', 'http://localhost:11434/v1'],
    ['http://localhost:1234/v1/completions', 'http://localhost:1234/v1'],
    ['http://localhost:1234/v1/embeddings', 'http://localhost:1234/v1'],
    ['http://localhost:1234/v1/responses', 'http://localhost:1234/v1'],
    ['http://localhost:3000/api/chat/completions', 'http://localhost:3000/api'],
    ['http://localhost/openai/v1?x=1#y', 'http://localhost/openai/v1'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1'],
    ['127.0.0.1', 'http://127.0.0.1/v1'],
    ['http://localhost:80', 'http://localhost/v1'],
    ['[::1]:8080', 'http://[::1]:8080/v1'],
    ['http://[2001:db8::1]:8000', 'http://[2001:db8::1]:8000/v1'],
    ['workstation:1234', 'http://workstation:1234/v1'],
    ['https://api.example.org', 'https://api.example.org/v1'],
    // What servers print as the address on which they listen is no address to ask: it stands for every one of this computer.
    ['http://0.0.0.0:8000', 'http://127.0.0.1:8000/v1'],
    ['[::]:8080', 'http://localhost:8080/v1'],
  ])('%s is %s', (typed, address) => {
    expect(readServerAddress(typed, plain)).toEqual({ ok: true, address });
  });

  it.each([
    ['', 'not-understood'],
    ['   ', 'not-understood'],
    ['two words', 'not-understood'],
    ['http://local host:11434', 'not-understood'],
    ['localhost:11434\nevil.example', 'not-understood'],
    ['http://localhost:99999', 'not-understood'],
    ['http://', 'not-understood'],
    ['ftp://localhost', 'not-understood'],
    ['file:///etc/passwd', 'not-understood'],
    ['javascript:alert(1)', 'not-understood'],
    ['ws://localhost:11434', 'not-understood'],
    ['http://me:secret@localhost:11434', 'credentials'],
    ['me:secret@localhost:11434', 'credentials'],
    ['https://me@example.org/v1', 'credentials'],
    ['https://:secret@example.org/v1', 'credentials'],
  ])('%j is refused: %s', (typed, fault) => {
    expect(readServerAddress(typed, plain)).toEqual({ ok: false, fault });
  });

  it('by http reaches only this computer from a page that came by https', () => {
    for (const here of ['localhost:11434', '127.0.0.1:1234', '[::1]:8080', 'my.localhost:1', '0.0.0.0:8000'])
      expect(readServerAddress(here, secure), here).toMatchObject({ ok: true });
    for (const elsewhere of ['192.168.1.20:11434', 'workstation:1234', 'http://example.org', '[2001:db8::1]:8000'])
      expect(readServerAddress(elsewhere, secure), elsewhere).toEqual({ ok: false, fault: 'mixed-content' });
    // Where the browser can be told that the local network is meant.
    expect(readServerAddress('192.168.1.20:11434', secure, true)).toMatchObject({ ok: true });
    expect(readServerAddress('http://example.org', secure, true)).toEqual({ ok: false, fault: 'mixed-content' });
    expect(readServerAddress('https://192.168.1.20', secure)).toMatchObject({ ok: true });
    expect(readServerAddress('192.168.1.20:11434', plain)).toMatchObject({ ok: true });
  });

  it('is shown by its host and port', () => {
    expect(shortAddress('http://localhost:11434/v1')).toBe('localhost:11434');
    expect(shortAddress('http://[::1]:8080/v1')).toBe('[::1]:8080');
  });
});

describe('where a server is', () => {
  it.each([
    ['http://localhost:11434', 'here'],
    ['http://api.localhost', 'here'],
    ['http://127.0.0.1', 'here'],
    ['http://127.8.9.10:1', 'here'],
    ['http://2130706433', 'here'],
    ['http://[::1]:8080', 'here'],
    ['http://10.0.0.7', 'network'],
    ['http://172.16.0.1', 'network'],
    ['http://172.31.255.1', 'network'],
    ['http://192.168.1.20:11434', 'network'],
    ['http://169.254.3.4', 'network'],
    ['http://100.64.1.2', 'network'],
    ['http://100.127.255.254', 'network'],
    ['http://[fe80::1]', 'network'],
    ['http://[fd12:3456::1]', 'network'],
    ['http://workstation:1234', 'network'],
    ['http://workstation.local', 'network'],
    ['https://llm.corp.internal', 'network'],
    ['http://box.home.arpa', 'network'],
    ['http://172.32.0.1', 'internet'],
    ['http://172.15.0.1', 'internet'],
    ['http://100.128.0.1', 'internet'],
    ['http://11.0.0.1', 'internet'],
    ['http://8.8.8.8', 'internet'],
    ['http://[2001:db8::1]:8000', 'internet'],
    ['https://api.example.org', 'internet'],
    ['https://localhost.example.org', 'internet'],
    ['https://127.0.0.1.example.org', 'internet'],
    ['https://10.example.org', 'internet'],
    ['https://192.168.1.20.example.org', 'internet'],
    ['https://sotto.example', 'same-host'],
    ['https://sotto.example:8443', 'internet'],
  ])('%s is %s', (address, place) => {
    expect(placeOf(`${address}/v1`, secure)).toBe(place);
  });
});

describe('a key', () => {
  it.each([
    ['', ''],
    [' sk-abc123 ', 'sk-abc123'],
    ['sk-abc\n', 'sk-abc'],
    ['~!@#$%^&*()', '~!@#$%^&*()'],
  ])('%j is read', (typed, key) => {
    expect(readServerKey(typed)).toBe(key);
  });

  it.each([
    'sk-abc\nX-Evil: 1',
    'sk-abc\r\ndef',
    'two words',
    'sk-\u0000',
    'schlüssel',
    'ключ',
    'sk\u00a0abc',
    'sk-\u200babc',
  ])('%j is none', (typed) => {
    expect(readServerKey(typed)).toBeNull();
  });
});
