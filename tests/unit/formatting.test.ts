import { beforeEach, describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatList,
  formatPercent,
  formatRate,
} from '../../src/text/formatting';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';

describe('numbers as people read them', () => {
  beforeEach(() => overwriteGetLocale(() => 'en'));

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [4_251_234, '4.25 MB'],
    [1.28e9, '1.28 GB'],
    [5e15, '5,000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0.4, '0 ms'],
    [412.3, '412 ms'],
    [999.6, '1 sec'],
    [1449, '1.4 sec'],
    [59_940, '59.9 sec'],
    [59_960, '1 min 0 sec'],
    [125_000, '2 min 5 sec'],
  ])('%d ms are %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  it.each([
    [0.1234, '0.123'],
    [12.345, '12.3'],
    [123.45, '123'],
    [1234.5, '1,230'],
  ])('a rate of %d is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

  it('counts and shares', () => {
    expect(formatCount(12_345)).toBe('12,345');
    expect(formatPercent(0.426)).toBe('43%');
  });

  it('stand in lists with the marks of the language', () => {
    expect(formatList(['2 chats', '1 model', '3 files'])).toBe('2 chats, 1 model, 3 files');
    overwriteGetLocale(() => 'zh-CN');
    expect(formatList(['2 个对话', '1 个模型', '3 个文件'])).toBe('2 个对话、1 个模型、3 个文件');
  });

  it('have a plural for bytes, and a space before a Chinese unit', () => {
    expect(formatBytes(1)).toBe('1 byte');
    overwriteGetLocale(() => 'zh-CN');
    expect(formatBytes(1)).toBe('1 字节');
    expect(formatDuration(125_000)).toBe('2 分钟 5 秒');
  });

  it('follow the language at once', () => {
    expect(formatDuration(1449)).toBe('1.4 sec');
    overwriteGetLocale(() => 'zh-CN');
    expect(formatDuration(1449)).toBe('1.4 秒');
  });
});
