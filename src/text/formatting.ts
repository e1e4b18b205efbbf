/** Numbers as people read them, in the language of the page. */
import { getLocale } from './paraglide/runtime.js';

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times as much as using it, and figures change with every token. */
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = getLocale() + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(getLocale(), options)));
  return format;
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = getLocale() + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(getLocale(), options)));
  return format;
}

/** The first formatter of a page takes a telephone 80 ms; made while something else is waited for, it is not felt. */
export const prepareFormats = (): unknown => numberFormat({});

export const formatCount = (count: number): string => numberFormat({ maximumFractionDigits: 0 }).format(count);

/** As it was set, with the marks of the language. */
export const formatNumber = (value: number): string => numberFormat({ maximumFractionDigits: 4 }).format(value);

/** Three significant digits: a rate is never known better than that. */
export const formatRate = (perSecond: number): string =>
  numberFormat({ maximumSignificantDigits: 3 }).format(perSecond);

/** What is only expected is known to two digits at best. */
export const formatExpectedRate = (perSecond: number): string =>
  numberFormat({ maximumSignificantDigits: 2 }).format(perSecond);

/** With all digits that were given, also a zero at the end. */
export const formatDecimals = (value: number, digits: number): string =>
  numberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

export const formatPercent = (fraction: number): string =>
  numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(fraction);

/** Chinese sets a space between a digit and the word after it, as all our texts do; Intl sets none. */
const spaced = (text: string): string => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Decimal units, as on the box of a drive and in the browser's own storage figures. */
export function formatBytes(bytes: number): string {
  let power = 0;
  let value = bytes;
  // 999.5 would be shown as "1,000".
  while (value >= 999.5 && power < byteUnits.length - 1) {
    value /= 1000;
    power += 1;
  }
  const unit = byteUnits[power] ?? 'byte';
  // The short form of "byte" has no plural.
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  return spaced(numberFormat({ style: 'unit', unit, unitDisplay, maximumSignificantDigits: 3 }).format(value));
}

export function formatDuration(milliseconds: number): string {
  const format = (value: number, unit: string, digits = 0): string =>
    spaced(numberFormat({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value));
  if (milliseconds < 999.5) return format(milliseconds, 'millisecond');
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return format(seconds, 'second', 1);
  const whole = Math.round(seconds);
  return `${format(Math.floor(whole / 60), 'minute')} ${format(whole % 60, 'second')}`;
}

/** A time to wait, no more exact than it can be known: steps of five seconds, and whole minutes. */
export function formatRoughly(milliseconds: number): string {
  const unit = (name: string): Intl.NumberFormat =>
    numberFormat({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 });
  const seconds = Math.max(5, Math.ceil(milliseconds / 5000) * 5);
  return seconds < 60 ? unit('second').format(seconds) : unit('minute').format(Math.round(milliseconds / 60_000));
}

/** Day and time, for what may be long ago. */
export const formatMoment = (at: number): string => dateFormat({ dateStyle: 'medium', timeStyle: 'medium' }).format(at);

export const formatClock = (at: number): string =>
  dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** A factor near 1, or a figure that is known to two digits after the point. */
export const formatFine = (value: number): string => numberFormat({ maximumFractionDigits: 2 }).format(value);

export const formatFinePercent = (fraction: number): string =>
  numberFormat({ style: 'percent', maximumSignificantDigits: 2 }).format(fraction);

/** "a, b, c", "甲、乙、丙": a list of units would have no commas in either language. */
export const formatList = (parts: readonly string[]): string =>
  new Intl.ListFormat(getLocale(), { style: 'narrow', type: 'conjunction' }).format(parts);

/** "March 2026" */
export const formatMonth = (at: number): string => dateFormat({ month: 'long', year: 'numeric' }).format(at);

export const formatDay = (at: number): string =>
  dateFormat({ day: 'numeric', month: 'short', year: 'numeric' }).format(at);
