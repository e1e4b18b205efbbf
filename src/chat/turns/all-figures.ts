/** Everything that is known of how an answer came about, for those who ask. */
import type { AnswerMessage } from '../../shared/domain/conversation';
import { formatCount, formatDuration, formatRate } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { settingNames, thinkingNames } from '../settings/setting-fields';
import { backendName, rateOf } from './answer-figures';

export interface Figure {
  readonly name: string;
  readonly value: string;
}

function reasonOf({ state, finishReason }: AnswerMessage): string {
  if (state === 'failed') return m.turn_reason_failed();
  if (state === 'interrupted') return m.turn_reason_interrupted();
  switch (finishReason) {
    case 'stop':
      return m.turn_reason_stop();
    case 'length':
      return m.turn_reason_length();
    case 'context-full':
      return m.turn_reason_full();
    case 'cancelled':
      return m.turn_reason_cancelled();
    case undefined:
      return m.turn_fig_unknown();
  }
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map((text) => JSON.stringify(text)).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function settingsText({ settings }: AnswerMessage): string {
  const { systemPrompt, thinking, sampling = {} } = settings ?? {};
  const told = Object.entries(sampling).map(([field, value]) => {
    const name = settingNames[field as keyof typeof settingNames]?.() ?? field;
    return `${name} ${field === 'jsonSchema' ? '✓' : valueText(value)}`;
  });
  return [
    ...told,
    ...(thinking ? [`${m.thinking()} ${thinkingNames[thinking]()}`] : []),
    ...(systemPrompt ? [m.set_system_prompt()] : []),
  ].join(' · ');
}

/** Whose count and whose clock: of an answer of a server, they are not all this device's. */
function serverFigures({ figures }: AnswerMessage): readonly Figure[] {
  const { server, completionTokens = 0 } = figures ?? {};
  if (!server) return [];
  const { answerMs, promptMs, otherModel } = server;
  return [
    {
      name: m.turn_fig_counted(),
      value: server.countsTokens ? m.turn_fig_counted_server() : m.turn_fig_counted_pieces(),
    },
    { name: m.turn_fig_here_clock(), value: m.turn_fig_here_clock_value() },
    ...(answerMs === undefined || answerMs === 0
      ? []
      : [{ name: m.turn_fig_server_rate(), value: formatRate((completionTokens * 1000) / answerMs) }]),
    ...(promptMs === undefined ? [] : [{ name: m.turn_fig_server_prompt(), value: formatDuration(promptMs) }]),
    ...(otherModel === undefined ? [] : [{ name: m.turn_fig_other_model(), value: otherModel }]),
  ];
}

export function allFigures(answer: AnswerMessage): readonly Figure[] {
  const { figures, modelName, backend, thinkingMs } = answer;
  const rate = rateOf(answer);
  const settings = settingsText(answer);
  return [
    ...(figures && figures.completionTokens > 0
      ? [
          { name: m.turn_fig_tokens(), value: formatCount(figures.completionTokens) },
          { name: m.turn_fig_rate(), value: rate === null ? m.turn_fig_unknown() : formatRate(rate) },
          { name: m.turn_fig_first(), value: formatDuration(figures.timeToFirstTokenMs) },
          ...(figures.guessedTokens === undefined
            ? []
            : [{ name: m.turn_fig_guessed(), value: formatCount(figures.guessedTokens) }]),
        ]
      : []),
    ...(figures && figures.promptTokens + figures.reusedTokens > 0
      ? [
          { name: m.turn_fig_prompt(), value: formatCount(figures.promptTokens) },
          { name: m.turn_fig_reused(), value: formatCount(figures.reusedTokens) },
        ]
      : []),
    ...serverFigures(answer),
    ...(thinkingMs === undefined ? [] : [{ name: m.turn_fig_thinking(), value: formatDuration(thinkingMs) }]),
    { name: m.turn_fig_reason(), value: reasonOf(answer) },
    { name: m.turn_fig_model(), value: modelName },
    { name: m.turn_fig_backend(), value: backend === undefined ? m.turn_fig_unknown() : backendName(backend) },
    ...(settings === '' ? [] : [{ name: m.turn_fig_settings(), value: settings }]),
  ];
}
