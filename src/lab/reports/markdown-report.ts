/** A run as a page of Markdown: what was asked of whom, what came out, how sure it is, and how to read it. */
import type { CaseSet } from '../../shared/domain/lab/case-set';
import type { ContenderFacts, LabAnswer, LabRun } from '../../shared/domain/lab/run';
import { formatCount, formatMoment, formatNumber } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { compareAll, type Comparison } from '../results/compare';
import { costPerAnswer, costPerMillion, hostedPerAnswer, payback, type PowerSettings } from '../results/cost';
import type { HostedPrice } from '../results/hosted-prices';
import { summarize, type ContenderRow } from '../results/summarize';
import { figureWords, moneyWords, paybackWords } from '../words/cost-words';
import { nameOf, troubleWords, verdictWords } from '../words/result-words';
import { markdownTable, plainText } from './markdown-table';
import { resultColumns, scoreColumns } from './result-columns';

export interface ReportParts {
  readonly run: LabRun;
  readonly set: CaseSet;
  readonly answers: readonly LabAnswer[];
  /** Absent: the report says nothing of cost. */
  readonly cost?: { readonly power: PowerSettings; readonly prices: readonly HostedPrice[] };
}

export function markdownReport({ run, set, answers, cost }: ReportParts): string {
  const rows = summarize(run, set, answers);
  // The power that is set is that of this device.
  const computedHere = rows.filter(({ facts }) => facts?.backend !== 'server');
  const sections = [
    [`# ${plainText(m.lab_report_title({ name: run.setName }))}`, conditions(run)],
    [heading(m.lab_report_results()), markdownTable(rows, resultColumns())],
    pairs(run, compareAll(run, set, answers)),
    ...categories(rows),
    troubles(rows),
    cost && run.importedAt === undefined && computedHere.length > 0
      ? [heading(m.lab_report_cost()), ...computedHere.flatMap((row) => costOf(row, cost.power, cost.prices))]
      : [],
    contendersOf(rows),
    [
      heading(m.lab_report_method()),
      list([m.lab_report_method_score(), m.lab_report_method_test(), m.lab_report_method_speed()]),
    ],
  ];
  return `${sections.flat().join('\n\n')}\n`;
}

const heading = (text: string): string => `## ${text}`;
const list = (entries: readonly string[]): string => entries.map((entry) => `- ${plainText(entry)}`).join('\n');

function conditions({ settings, startedAt, importedAt, app, caseCount, setHash, state }: LabRun): string {
  return list([
    m.lab_report_made({ date: formatMoment(startedAt), version: app.version }),
    m.lab_report_asked({
      count: caseCount,
      temperature: formatNumber(settings.temperature),
      seed: String(settings.seed),
      tokens: formatCount(settings.maxTokens),
    }),
    m.lab_report_samples({ count: settings.samples }),
    m.lab_report_hash({ hash: setHash }),
    ...(importedAt === undefined ? [] : [m.lab_imported_about()]),
    ...(state === 'finished' ? [] : [m.lab_report_unfinished()]),
  ]);
}

function pairs({ contenders }: LabRun, comparisons: readonly Comparison[]): string[] {
  if (comparisons.length === 0) return [];
  const lines = comparisons.map((comparison) =>
    m.lab_verdict_for({
      first: nameOf(comparison.first, contenders),
      second: nameOf(comparison.second, contenders),
      verdict: verdictWords(comparison, contenders),
    }),
  );
  return [heading(m.lab_report_pairs()), list(lines)];
}

function categories(rows: readonly ContenderRow[]): string[][] {
  const [first] = rows;
  if (!first || first.categories.length === 0) return [];
  const lines = rows.flatMap(({ contender, categories: scores }) => scores.map((entry) => ({ contender, ...entry })));
  const columns = [
    { title: m.lab_col_category(), cell: ({ category }: (typeof lines)[number]) => category ?? m.lab_category_none() },
    { title: m.lab_col_model(), cell: ({ contender }: (typeof lines)[number]) => contender.name },
    ...scoreColumns<(typeof lines)[number]>(({ score }) => score),
  ];
  const order = first.categories.map(({ category }) => category);
  const sorted = [...lines].sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category));
  return [[heading(m.lab_report_categories()), markdownTable(sorted, columns)]];
}

function troubles(rows: readonly ContenderRow[]): string[] {
  const lines = rows.flatMap(({ contender, troubles: counts }) =>
    counts.map(({ kind, count }) => ({ name: contender.name, problem: troubleWords(kind), count: formatCount(count) })),
  );
  if (lines.length === 0) return [];
  const table = markdownTable(lines, [
    { title: m.lab_col_model(), cell: ({ name }) => name },
    { title: m.lab_col_problem(), cell: ({ problem }) => problem },
    { title: m.lab_col_answers(), cell: ({ count }) => count },
  ]);
  return [heading(m.lab_report_problems()), table];
}

function costOf({ contender, speed }: ContenderRow, power: PowerSettings, prices: readonly HostedPrice[]): string[] {
  const money = (value: number): string => moneyWords(value, power.currency);
  const line = (name: string, figure: string): string => m.lab_report_cost_line({ name, figure });
  const hosted = prices.map((price) => {
    const { name } = price;
    const perAnswer = figureWords(hostedPerAnswer(speed, price, power), money, price);
    return [
      line(m.lab_cost_hosted({ name }), perAnswer),
      ...(power.devicePrice === null
        ? []
        : [line(m.lab_cost_payback({ name }), figureWords(payback(speed, price, power), paybackWords, price))]),
    ];
  });
  return [
    `### ${plainText(contender.name)}`,
    list([
      line(m.lab_cost_million(), figureWords(costPerMillion(speed, power), money)),
      line(m.lab_cost_answer(), figureWords(costPerAnswer(speed, power), money)),
      ...hosted.flat(),
    ]),
  ];
}

function engineText(name: string, facts: ContenderFacts): string {
  const { engineVersion: engine, backend, threads } = facts;
  const context = formatCount(facts.contextTokens);
  if (backend === 'server') return m.lab_report_server({ name, engine, context });
  const place = backend === 'cpu' ? 'CPU' : 'WebGPU';
  return m.lab_report_engine({ name, engine, backend: place, threads: formatCount(threads), context });
}

function contendersOf(rows: readonly ContenderRow[]): string[] {
  const lines = rows.flatMap(({ contender, facts }) =>
    facts === null
      ? []
      : [engineText(contender.name, facts) + (facts.weightsSha256 ? ` · SHA-256 ${facts.weightsSha256}` : '')],
  );
  return lines.length === 0 ? [] : [heading(m.lab_report_contenders()), list(lines)];
}
