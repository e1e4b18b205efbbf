/** The one place that turns a failure into words and a next step. */
import type { Failure, FailureKind } from '../shared/protocol/failure';
import { formatBytes, formatCount, formatMoment } from './formatting';
import { failureMessages } from './paraglide/failure-messages.js';
import { m } from './paraglide/messages.js';
import { type FailureText, type NextStep, partFailureTexts } from './part-failure-text';

type PartFailure = keyof typeof partFailureTexts;
type OtherFailure = Exclude<FailureKind, PartFailure>;
type Numbers = NonNullable<Failure['numbers']>;

/**
 * Every kind of failure, and what a screen offers after it. Its words are the messages `failure_<kind>_title`, `_meaning` and `_next`,
 * which the compiler of the messages gathers; a kind without them does not compile.
 */
const steps = {
  'file-not-gguf': ['open-file', 'choose-model'],
  'file-truncated': ['open-file', 'choose-model'],
  'file-missing': ['open-file', 'choose-model'],
  'model-unknown-architecture': ['open-file', 'choose-model'],
  'model-template-broken': ['open-file', 'choose-model'],
  'model-config-broken': ['open-file', 'choose-model'],
  'model-not-finite': ['choose-model', 'open-file'],
  'embedding-unsupported': ['choose-model'],
  'model-cannot-see': ['choose-model'],
  'model-cannot-hear': ['choose-model'],
  'projector-mismatch': ['choose-model'],
  'projector-alone': ['open-file', 'choose-model'],
  'picture-unreadable': [],
  'picture-heic': [],
  'picture-refused': [],
  'picture-too-large': [],
  'sound-unreadable': [],
  'sound-too-long': [],
  'microphone-refused': ['try-again'],
  'microphone-missing': ['try-again'],
  'microphone-lost': ['try-again'],
  'dictation-unsupported': [],
  'document-unreadable': [],
  'document-too-large': [],
  'model-too-large': ['choose-model', 'open-file'],
  'weights-too-large': ['choose-model', 'open-file'],
  'model-not-loaded': ['try-again', 'choose-model'],
  'out-of-memory': ['choose-model', 'try-again'],
  'gpu-missing': ['choose-model', 'reload'],
  'gpu-lacks-f16': ['choose-model'],
  'gpu-limits': ['choose-model'],
  'gpu-out-of-memory': ['choose-model', 'try-again'],
  'gpu-lost': ['try-again', 'choose-model'],
  'gpu-hung': ['try-again', 'choose-model'],
  'gpu-wrong-answers': ['choose-model', 'use-anyway'],
  'library-mismatch': ['fetch-library', 'choose-model'],
  'library-changed': ['use-anyway'],
  'library-unreachable': ['try-again'],
  'library-missing': ['choose-model'],
  'engine-elsewhere': ['take-over', 'choose-model'],
  'context-exceeded': ['new-chat', 'choose-model'],
  'request-invalid': ['try-again', 'new-chat'],
  'schema-invalid': [],
  'engine-crashed': ['try-again', 'choose-model'],
  'engine-busy': ['try-again'],
  'engine-unresponsive': ['try-again', 'choose-model'],
  'workers-unavailable': ['reload'],
  'wasm-unsupported': ['reload'],
  'browser-outdated': [],
  'engine-damaged': ['try-again', 'reload'],
  'engine-version-mismatch': ['reload'],
  'network-unreachable': ['try-again'],
  'host-unreachable': ['try-again'],
  'host-down': ['try-again'],
  'host-busy': ['try-again'],
  'download-wrong': ['try-again', 'reload'],
  'download-not-found': ['try-again', 'open-file'],
  'download-forbidden': ['try-again', 'open-file'],
  'download-not-weights': ['try-again', 'open-file'],
  'weights-lacking': ['open-file'],
  'download-changed': ['try-again'],
  'address-not-understood': ['open-file'],
  'host-not-allowed': ['open-file'],
  'search-unavailable': [],
  'server-not-allowed': ['choose-model'],
  'server-permission': ['try-again', 'choose-model'],
  'server-unreachable': ['try-again', 'choose-model'],
  'server-shut': ['try-again', 'choose-model'],
  'server-key': ['choose-model'],
  'server-lacks-model': ['choose-model'],
  'server-error': ['try-again', 'choose-model'],
  'server-busy': ['try-again', 'choose-model'],
  'server-not-understood': ['choose-model'],
  'server-unwanted': ['choose-model'],
  'server-broke-off': ['try-again', 'choose-model'],
  'weights-storage-full': ['free-space', 'try-again', 'despite-space'],
  'weights-unavailable': ['try-again', 'reload'],
  'weights-storage-failed': ['try-again', 'reload'],
  'weights-damaged': ['repair', 'choose-model'],
  'weights-incomplete': ['choose-model'],
  'storage-unavailable': ['export'],
  'storage-full': ['export', 'try-again'],
  'storage-blocked': ['reload'],
  'storage-outdated': ['reload'],
  'storage-locked': ['reload'],
  'record-unreadable': [],
  'passphrase-wrong': [],
  'passkey-refused': [],
  'passkey-unable': [],
  'lock-damaged': ['reload'],
  'conversation-busy': ['try-again', 'new-chat'],
  'conversation-gone': ['store-again', 'new-chat'],
  'settings-unreadable': ['reload'],
  'import-unreadable': ['try-again'],
  'attachment-binary': [],
  'attachment-too-large': [],
  'attachment-encrypted': [],
  'attachment-no-text': [],
  'attachment-encoding': [],
  'attachment-unreadable': [],
  'benchmark-clock': ['try-again'],
  'benchmark-elsewhere': ['try-again'],
  'result-unreadable': [],
  'result-newer': ['reload'],
  'result-not-kept': ['free-space'],
  'lab-elsewhere': ['try-again'],
  'lab-results-unreadable': [],
  'lab-results-newer': ['reload'],
  'lab-results-other-set': [],
  'persona-file-unreadable': ['try-again'],
  'lab-set-unreadable': [],
  'lab-set-too-large': [],
  'lab-set-newer': ['reload'],
  cancelled: ['try-again'],
  unexpected: ['try-again', 'reload'],
} as const satisfies Record<OtherFailure, readonly NextStep[]>;

/** What is said instead where figures are known. */
const exact: Partial<Record<FailureKind, (numbers: Numbers, subject: string | undefined) => Partial<FailureText>>> = {
  'context-exceeded': ({ promptTokens, contextTokens }) =>
    promptTokens === undefined || contextTokens === undefined
      ? {}
      : {
          meaning: m.failure_context_exceeded_meaning_exact({
            prompt: formatCount(promptTokens),
            context: formatCount(contextTokens),
          }),
        },
  'model-too-large': spaceWith(m.failure_model_too_large_meaning_exact),
  'weights-too-large': spaceWith(m.failure_weights_too_large_meaning_exact),
  'weights-storage-full': spaceWith(m.failure_weights_storage_full_meaning_exact),
  'sound-too-long': ({ mostSeconds }) =>
    mostSeconds === undefined
      ? {}
      : { meaning: m.failure_sound_too_long_meaning_exact({ minutes: formatCount(mostSeconds / 60) }) },
  'host-busy': ({ retryAt }, subject = m.failure_host_unknown()) =>
    retryAt === undefined
      ? { meaning: m.failure_host_busy_meaning({ subject }) }
      : {
          meaning: m.failure_host_busy_meaning_until({ subject, time: formatMoment(retryAt) }),
          nextStep: m.failure_host_busy_next_until(),
        },
  'server-busy': ({ retryAt }, subject = m.failure_host_unknown()) =>
    retryAt === undefined
      ? {}
      : { meaning: m.failure_server_busy_meaning_until({ subject, time: formatMoment(retryAt) }) },
};

function spaceWith(meaning: (inputs: { needed: string; available: string }) => string) {
  return ({ neededBytes, availableBytes }: Numbers): Partial<FailureText> =>
    neededBytes === undefined || availableBytes === undefined
      ? {}
      : { meaning: meaning({ needed: formatBytes(neededBytes), available: formatBytes(availableBytes) }) };
}

const isPart = (kind: FailureKind): kind is PartFailure => kind in partFailureTexts;

export function failureText({ kind, numbers = {}, subject }: Failure): FailureText {
  if (isPart(kind)) return partFailureTexts[kind]();
  const words: FailureMessages = failureMessages[kind];
  return {
    title: words.title(),
    meaning: words.meaning({ subject: subject ?? m.failure_subject_unknown() }),
    nextStep: words.next(),
    steps: steps[kind],
    ...exact[kind]?.(numbers, subject),
  };
}

interface FailureMessages {
  readonly title: () => string;
  /** Some name a file, a host or an address. */
  readonly meaning: (inputs: { subject: string }) => string;
  readonly next: () => string;
}
