/** A result as a picture: the numbers with their intervals, the limit, the grade, and what was measured. */
import type { BenchmarkResult, ResultTest } from '../statistics/result';
import { formatPercent, formatRate } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { headlineTests } from '../result/grade-result';
import { reasonWords } from '../words/reason-words';
import { momentOf, placeWords, profileName } from '../words/run-words';

const width = 1200;
const height = 630;
const margin = 64;
/** The card is read in other places than ours: always light. */
const colors = { paper: '#fbfaf8', ink: '#2b2e36', soft: '#5d626d', accent: '#27656b', track: '#e2e0dc' };
const sans = 'system-ui, sans-serif';

/** The words of the card, also for those who cannot see it. */
export function cardWords(result: BenchmarkResult): string {
  const tests = headlineTests(result).map((test) => `${test.name}: ${rateWords(test)}`);
  return [result.model.name, ...tests, m.bench_grade({ letter: result.grade.letter })].join('; ');
}

const rateWords = ({ median_ts: rate }: ResultTest): string =>
  rate === null ? '–' : m.bench_rate({ rate: formatRate(rate) });

/** @throws Error where the browser makes no picture */
export function drawCard(result: BenchmarkResult): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('no canvas'));
  paint(context, result);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  );
}

function paint(context: CanvasRenderingContext2D, result: BenchmarkResult): void {
  const write = (text: string, x: number, y: number, size: number, color = colors.ink, weight = 400): void => {
    context.font = `${weight} ${size}px ${sans}`;
    context.fillStyle = color;
    // Squeezed rather than cut: whatever a name is, it stays on the card.
    context.fillText(text, x, y, width - margin - x);
  };
  context.fillStyle = colors.paper;
  context.fillRect(0, 0, width, height);
  write(result.model.name, margin, 100, 44, colors.ink, 600);
  write(
    `${profileName(result.profile)}, ${result.engine.name} ${result.engine.version}, ${placeWords(result)}`,
    margin,
    142,
    24,
    colors.soft,
  );
  const { device } = result;
  const place = [device.label_user, `${device.browser} ${device.browser_major}`, device.os].filter(Boolean).join(', ');
  write(place, margin, 176, 24, colors.soft);
  headlineTests(result)
    .slice(0, 3)
    .forEach((test, index) => paintRate(write, test, margin + index * 360, 270));
  paintLimit(context, write, result);
  write(m.bench_grade({ letter: result.grade.letter }), margin, 512, 30, colors.ink, 600);
  const reasons = result.grade.reasons.map(reasonWords);
  // The weightiest come first; all of them are in the data.
  (reasons.length > 0 ? reasons.slice(0, 2) : [m.bench_grade_clean()]).forEach((words, index) =>
    write(words, margin, 544 + index * 28, 20, colors.soft),
  );
  write(`Sotto, ${momentOf(result)}`, margin, 612, 18, colors.soft);
}

type Write = (text: string, x: number, y: number, size: number, color?: string, weight?: number) => void;

function paintRate(write: Write, test: ResultTest, x: number, y: number): void {
  write(`${test.kind === 'pp' ? m.bench_prefill() : m.bench_decode()}  ${test.name}`, x, y, 22, colors.soft);
  write(test.median_ts === null ? '–' : formatRate(test.median_ts), x, y + 66, 64, colors.ink, 600);
  const [low, high] = test.ci95_ts ?? [];
  const interval = low !== undefined && high !== undefined ? ` (${formatRate(low)} – ${formatRate(high)})` : '';
  write(`${m.bench_rate_plain()}${interval}`, x, y + 100, 22, colors.soft);
}

function paintLimit(context: CanvasRenderingContext2D, write: Write, result: BenchmarkResult): void {
  const mbu = headlineTests(result).find((test) => test.mbu !== null)?.mbu ?? null;
  if (mbu === null) return;
  write(m.bench_limit_share({ share: formatPercent(mbu) }), margin, 430, 24, colors.ink, 500);
  context.fillStyle = colors.track;
  context.fillRect(margin, 446, width - 2 * margin, 18);
  context.fillStyle = colors.accent;
  context.fillRect(margin, 446, (width - 2 * margin) * Math.min(1, mbu), 18);
}
