/** What is measured with which model, and by whom. */
import type { Quantisation } from '../../../tests/fixtures/synthetic-gguf';
import type { ContenderName } from './contender';
import type { ModelName } from './models';

export interface Job {
  readonly kind: 'prefill' | 'decode';
  /** Tokens that are read, or written. */
  readonly tokens: number;
  /** Tokens in the cache before the first that is written. */
  readonly depth: number;
  readonly rounds: number;
  /** Those that are asked; all when absent. */
  readonly only?: readonly ContenderName[];
}

export interface Case {
  readonly model: ModelName;
  readonly quantisation: Quantisation;
  readonly threads: number;
  readonly contenders: readonly ContenderName[];
  readonly jobs: readonly Job[];
  /** Whether the targets of the design are those of this model. */
  readonly hasTargets: boolean;
}

/** To try the tool out: a tiny model and a few tokens. Printed, and not kept. */
export const isTrial = process.env['SOTTO_MEASURE_TRIAL'] === '1';
const isWhole = process.env['SOTTO_MEASURE_ALL'] === '1';

const prefill = (tokens: number, rounds: number, only?: readonly ContenderName[]): Job => ({
  kind: 'prefill',
  tokens,
  depth: 0,
  rounds,
  ...(only && { only }),
});
const decode = (tokens: number, depth: number, rounds: number, only?: readonly ContenderName[]): Job => ({
  kind: 'decode',
  tokens,
  depth,
  rounds,
  ...(only && { only }),
});

/** llama.cpp in the browser reads some tokens a second: it is asked for 32 of a large model, and never to write behind many. */
const quick: readonly ContenderName[] = ['sotto', 'native'];
const inBrowsers: readonly ContenderName[] = ['sotto', 'sotto-fixed', 'wllama', 'native', 'firefox', 'webkit'];

/** Made for some six minutes on two quiet cores; twelve where others work on them, too. The models are made at the first run. */
const usual: readonly Case[] = [
  {
    model: 'Qwen3-0.6B',
    quantisation: 'Q4_K_M',
    threads: 1,
    contenders: ['sotto', 'wllama', 'native'],
    jobs: [prefill(32, 3), prefill(512, 2, quick), decode(16, 0, 3), decode(16, 1024, 1, quick)],
    hasTargets: true,
  },
  {
    model: 'Qwen3-0.6B',
    quantisation: 'Q4_K_M',
    threads: 2,
    contenders: inBrowsers,
    jobs: [prefill(32, 3), prefill(512, 2, quick), decode(16, 0, 3), decode(16, 1024, 1, quick)],
    hasTargets: true,
  },
  {
    model: 'Guide',
    // As it is shipped.
    quantisation: 'Q5_K',
    threads: 1,
    contenders: ['sotto', 'wllama', 'native', 'firefox', 'webkit'],
    jobs: [prefill(32, 3), prefill(512, 3), decode(128, 0, 3)],
    hasTargets: false,
  },
  ...(['Q6_K', 'Q8_0'] as const).map((quantisation): Case => ({
    model: 'Qwen3-0.6B',
    quantisation,
    threads: 2,
    contenders: quick,
    jobs: [prefill(128, 2), decode(16, 0, 2)],
    hasTargets: false,
  })),
  {
    model: 'Qwen2.5-1.5B',
    quantisation: 'Q4_K_M',
    threads: 2,
    contenders: quick,
    jobs: [prefill(128, 2), decode(16, 0, 2)],
    hasTargets: false,
  },
];

const whole: readonly Case[] = (['Guide', 'Qwen3-0.6B', 'Qwen2.5-1.5B'] as const).flatMap((model) =>
  (model === 'Guide' ? (['Q5_K'] as const) : (['Q4_K_M', 'Q6_K', 'Q8_0'] as const)).flatMap((quantisation) =>
    [1, 2].map((threads): Case => ({
      model,
      quantisation,
      threads,
      contenders: inBrowsers,
      jobs: [
        prefill(32, 3),
        prefill(
          512,
          2,
          inBrowsers.filter((name) => model === 'Guide' || name !== 'wllama'),
        ),
        // The window of the Guide ends there.
        ...(model === 'Guide'
          ? []
          : [
              prefill(
                2048,
                1,
                inBrowsers.filter((name) => name !== 'wllama'),
              ),
            ]),
        decode(32, 0, 3),
        decode(
          32,
          model === 'Guide' ? 512 : 1024,
          1,
          inBrowsers.filter((name) => name !== 'wllama'),
        ),
      ],
      hasTargets: model === 'Qwen3-0.6B' && quantisation === 'Q4_K_M',
    })),
  ),
);

const trial: readonly Case[] = [
  {
    model: 'tinyQwen3',
    quantisation: 'Q4_K_M',
    threads: 2,
    contenders: inBrowsers,
    jobs: [prefill(32, 2), prefill(64, 1, quick), decode(4, 0, 2), decode(4, 64, 1, quick)],
    hasTargets: true,
  },
];

export const cases: readonly Case[] = isTrial ? trial : isWhole ? whole : usual;
