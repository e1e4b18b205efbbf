import { describe, expect, it } from 'vitest';
import { failureKinds } from '../../src/shared/protocol/failure';
import { failureText } from '../../src/text/failure-text';
import { languageTags } from '../../src/shared/domain/languages';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';

describe.each(languageTags)('failures in %s', (tag) => {
  it.each(failureKinds)('%s has a title, a meaning and a next step', (kind) => {
    overwriteGetLocale(() => tag);
    const { title, meaning, nextStep } = failureText({ kind, technical: 'x' });
    for (const text of [title, meaning, nextStep]) {
      expect(text.length).toBeGreaterThan(3);
      expect(text).not.toMatch(/undefined|null|failure_|\{/);
      expect(/[\u4e00-\u9fff]/.test(text)).toBe(tag === 'zh-CN');
    }
  });

  it('all kinds have different words', () => {
    overwriteGetLocale(() => tag);
    const titles = failureKinds.map((kind) => failureText({ kind, technical: '' }).title);
    expect(new Set(titles).size).toBe(failureKinds.length);
  });

  it('figures make the words exact', () => {
    overwriteGetLocale(() => tag);
    const long = failureText({
      kind: 'context-exceeded',
      technical: '',
      numbers: { promptTokens: 5000, contextTokens: 1024 },
    });
    expect(long.meaning).toMatch(/5,000.*1,024/);
    const large = failureText({
      kind: 'model-too-large',
      technical: '',
      numbers: { neededBytes: 6e9, availableBytes: 4e9 },
    });
    expect(large.meaning).toMatch(/6\s?(GB|吉字节).*4\s?(GB|吉字节)/);
    const busy = failureText({
      kind: 'host-busy',
      technical: '',
      subject: 'hub.example',
      numbers: { retryAt: Date.UTC(2026, 10, 5, 12) },
    });
    expect(busy.meaning).toMatch(/hub\.example.*2026/);
  });

  it('nobody is told to wait until a time that is not named', () => {
    overwriteGetLocale(() => tag);
    const about = { kind: 'host-busy', technical: '', subject: 'hub.example' } as const;
    const untilThen = tag === 'en' ? 'until then' : '到那时';
    expect(failureText({ ...about, numbers: { retryAt: 1 } }).nextStep).toContain(untilThen);
    expect(failureText(about).nextStep).not.toContain(untilThen);
  });

  it('a host is never told as a part of the app', () => {
    overwriteGetLocale(() => tag);
    for (const kind of ['host-unreachable', 'host-down', 'host-busy'] as const) {
      const { meaning } = failureText({ kind, technical: '', subject: 'hub.example' });
      expect(meaning).toContain('hub.example');
      expect(meaning).not.toContain('Sotto');
    }
  });
});
