/** The one place that turns a failure into words and a next step. */
import type { Failure, FailureKind } from '../shared/protocol/failure';
import { formatBytes, formatCount, formatMoment } from './formatting';
import { m } from './paraglide/messages.js';
import { type FailureText, type NextStep, partFailureTexts } from './part-failure-text';

type Words = (numbers: NonNullable<Failure['numbers']>, subject: string | undefined) => FailureText;

const words = (
  title: () => string,
  meaning: () => string,
  nextStep: () => string,
  ...steps: readonly NextStep[]
): Words => {
  return () => ({ title: title(), meaning: meaning(), nextStep: nextStep(), steps });
};

const contextExceeded: Words = ({ promptTokens, contextTokens }) => ({
  title: m.failure_context_exceeded_title(),
  meaning:
    promptTokens === undefined || contextTokens === undefined
      ? m.failure_context_exceeded_meaning()
      : m.failure_context_exceeded_meaning_exact({
          prompt: formatCount(promptTokens),
          context: formatCount(contextTokens),
        }),
  nextStep: m.failure_context_exceeded_next(),
  steps: ['new-chat', 'choose-model'],
});

const weightsTooLarge: Words = ({ neededBytes, availableBytes }) => ({
  title: m.failure_weights_too_large_title(),
  meaning:
    neededBytes === undefined || availableBytes === undefined
      ? m.failure_weights_too_large_meaning()
      : m.failure_weights_too_large_meaning_exact({
          needed: formatBytes(neededBytes),
          available: formatBytes(availableBytes),
        }),
  nextStep: m.failure_weights_too_large_next(),
  steps: ['choose-model', 'open-file'],
});

const tooLarge: Words = ({ neededBytes, availableBytes }) => ({
  title: m.failure_model_too_large_title(),
  meaning:
    neededBytes === undefined || availableBytes === undefined
      ? m.failure_model_too_large_meaning()
      : m.failure_model_too_large_meaning_exact({
          needed: formatBytes(neededBytes),
          available: formatBytes(availableBytes),
        }),
  nextStep: m.failure_model_too_large_next(),
  steps: ['choose-model', 'open-file'],
});

/** Words that name a file, host or address where it is known. */
const about =
  (
    title: () => string,
    meaning: (inputs: { subject: string }) => string,
    nextStep: () => string,
    ...steps: readonly NextStep[]
  ): Words =>
  (_, subject) => ({
    title: title(),
    meaning: meaning({ subject: subject ?? m.failure_subject_unknown() }),
    nextStep: nextStep(),
    steps,
  });

const hostBusy: Words = ({ retryAt }, subject) => {
  const host = subject ?? m.failure_host_unknown();
  return {
    title: m.failure_host_busy_title(),
    meaning:
      retryAt === undefined
        ? m.failure_host_busy_meaning({ subject: host })
        : m.failure_host_busy_meaning_until({ subject: host, time: formatMoment(retryAt) }),
    nextStep: retryAt === undefined ? m.failure_host_busy_next() : m.failure_host_busy_next_until(),
    steps: ['try-again'],
  };
};

const weightsStorageFull: Words = ({ neededBytes, availableBytes }) => ({
  title: m.failure_weights_storage_full_title(),
  meaning:
    neededBytes === undefined || availableBytes === undefined
      ? m.failure_weights_storage_full_meaning()
      : m.failure_weights_storage_full_meaning_exact({
          needed: formatBytes(neededBytes),
          available: formatBytes(availableBytes),
        }),
  nextStep: m.failure_weights_storage_full_next(),
  steps: ['free-space', 'try-again', 'despite-space'],
});

const texts = {
  'file-not-gguf': words(
    m.failure_file_not_gguf_title,
    m.failure_file_not_gguf_meaning,
    m.failure_file_not_gguf_next,
    'open-file',
    'choose-model',
  ),
  'file-truncated': words(
    m.failure_file_truncated_title,
    m.failure_file_truncated_meaning,
    m.failure_file_truncated_next,
    'open-file',
    'choose-model',
  ),
  'file-missing': words(
    m.failure_file_missing_title,
    m.failure_file_missing_meaning,
    m.failure_file_missing_next,
    'open-file',
    'choose-model',
  ),
  'model-unknown-architecture': words(
    m.failure_model_unknown_architecture_title,
    m.failure_model_unknown_architecture_meaning,
    m.failure_model_unknown_architecture_next,
    'open-file',
    'choose-model',
  ),
  'model-template-broken': words(
    m.failure_model_template_broken_title,
    m.failure_model_template_broken_meaning,
    m.failure_model_template_broken_next,
    'open-file',
    'choose-model',
  ),
  'model-config-broken': words(
    m.failure_model_config_broken_title,
    m.failure_model_config_broken_meaning,
    m.failure_model_config_broken_next,
    'open-file',
    'choose-model',
  ),
  'model-not-finite': words(
    m.failure_model_not_finite_title,
    m.failure_model_not_finite_meaning,
    m.failure_model_not_finite_next,
    'choose-model',
    'open-file',
  ),
  'embedding-unsupported': words(
    m.failure_embedding_unsupported_title,
    m.failure_embedding_unsupported_meaning,
    m.failure_embedding_unsupported_next,
    'choose-model',
  ),
  'model-too-large': tooLarge,
  'weights-too-large': weightsTooLarge,
  'model-not-loaded': words(
    m.failure_model_not_loaded_title,
    m.failure_model_not_loaded_meaning,
    m.failure_model_not_loaded_next,
    'try-again',
    'choose-model',
  ),
  'out-of-memory': words(
    m.failure_out_of_memory_title,
    m.failure_out_of_memory_meaning,
    m.failure_out_of_memory_next,
    'choose-model',
    'try-again',
  ),
  'gpu-missing': words(
    m.failure_gpu_missing_title,
    m.failure_gpu_missing_meaning,
    m.failure_gpu_missing_next,
    'choose-model',
    'reload',
  ),
  'gpu-lacks-f16': words(
    m.failure_gpu_lacks_f16_title,
    m.failure_gpu_lacks_f16_meaning,
    m.failure_gpu_lacks_f16_next,
    'choose-model',
  ),
  'gpu-limits': words(
    m.failure_gpu_limits_title,
    m.failure_gpu_limits_meaning,
    m.failure_gpu_limits_next,
    'choose-model',
  ),
  'gpu-out-of-memory': words(
    m.failure_gpu_out_of_memory_title,
    m.failure_gpu_out_of_memory_meaning,
    m.failure_gpu_out_of_memory_next,
    'choose-model',
    'try-again',
  ),
  'gpu-lost': words(
    m.failure_gpu_lost_title,
    m.failure_gpu_lost_meaning,
    m.failure_gpu_lost_next,
    'try-again',
    'choose-model',
  ),
  'gpu-hung': words(
    m.failure_gpu_hung_title,
    m.failure_gpu_hung_meaning,
    m.failure_gpu_hung_next,
    'try-again',
    'choose-model',
  ),
  'gpu-wrong-answers': words(
    m.failure_gpu_wrong_answers_title,
    m.failure_gpu_wrong_answers_meaning,
    m.failure_gpu_wrong_answers_next,
    'choose-model',
    'use-anyway',
  ),
  'library-mismatch': words(
    m.failure_library_mismatch_title,
    m.failure_library_mismatch_meaning,
    m.failure_library_mismatch_next,
    'fetch-library',
    'choose-model',
  ),
  'library-changed': about(
    m.failure_library_changed_title,
    m.failure_library_changed_meaning,
    m.failure_library_changed_next,
    'use-anyway',
  ),
  'library-unreachable': about(
    m.failure_library_unreachable_title,
    m.failure_library_unreachable_meaning,
    m.failure_library_unreachable_next,
    'try-again',
  ),
  'library-missing': words(
    m.failure_library_missing_title,
    m.failure_library_missing_meaning,
    m.failure_library_missing_next,
    'choose-model',
  ),
  'engine-elsewhere': words(
    m.failure_engine_elsewhere_title,
    m.failure_engine_elsewhere_meaning,
    m.failure_engine_elsewhere_next,
    'take-over',
    'choose-model',
  ),
  'context-exceeded': contextExceeded,
  'request-invalid': words(
    m.failure_request_invalid_title,
    m.failure_request_invalid_meaning,
    m.failure_request_invalid_next,
    'try-again',
    'new-chat',
  ),
  'schema-invalid': words(
    m.failure_schema_invalid_title,
    m.failure_schema_invalid_meaning,
    m.failure_schema_invalid_next,
  ),
  'engine-crashed': words(
    m.failure_engine_crashed_title,
    m.failure_engine_crashed_meaning,
    m.failure_engine_crashed_next,
    'try-again',
    'choose-model',
  ),
  'engine-busy': words(
    m.failure_engine_busy_title,
    m.failure_engine_busy_meaning,
    m.failure_engine_busy_next,
    'try-again',
  ),
  'engine-unresponsive': words(
    m.failure_engine_unresponsive_title,
    m.failure_engine_unresponsive_meaning,
    m.failure_engine_unresponsive_next,
    'try-again',
    'choose-model',
  ),
  'workers-unavailable': words(
    m.failure_workers_unavailable_title,
    m.failure_workers_unavailable_meaning,
    m.failure_workers_unavailable_next,
    'reload',
  ),
  'wasm-unsupported': words(
    m.failure_wasm_unsupported_title,
    m.failure_wasm_unsupported_meaning,
    m.failure_wasm_unsupported_next,
    'reload',
  ),
  'browser-outdated': words(
    m.failure_browser_outdated_title,
    m.failure_browser_outdated_meaning,
    m.failure_browser_outdated_next,
  ),
  'engine-damaged': words(
    m.failure_engine_damaged_title,
    m.failure_engine_damaged_meaning,
    m.failure_engine_damaged_next,
    'try-again',
    'reload',
  ),
  'engine-version-mismatch': words(
    m.failure_engine_version_mismatch_title,
    m.failure_engine_version_mismatch_meaning,
    m.failure_engine_version_mismatch_next,
    'reload',
  ),
  'network-unreachable': words(
    m.failure_network_unreachable_title,
    m.failure_network_unreachable_meaning,
    m.failure_network_unreachable_next,
    'try-again',
  ),
  'host-unreachable': about(
    m.failure_host_unreachable_title,
    m.failure_host_unreachable_meaning,
    m.failure_host_unreachable_next,
    'try-again',
  ),
  'host-down': about(m.failure_host_down_title, m.failure_host_down_meaning, m.failure_host_down_next, 'try-again'),
  'host-busy': hostBusy,
  'part-unreachable': partFailureTexts['part-unreachable'],
  'part-broken': partFailureTexts['part-broken'],
  'app-outdated': partFailureTexts['app-outdated'],
  'download-wrong': about(
    m.failure_download_wrong_title,
    m.failure_download_wrong_meaning,
    m.failure_download_wrong_next,
    'try-again',
    'reload',
  ),
  'download-not-found': about(
    m.failure_download_not_found_title,
    m.failure_download_not_found_meaning,
    m.failure_download_not_found_next,
    'try-again',
    'open-file',
  ),
  'download-forbidden': about(
    m.failure_download_forbidden_title,
    m.failure_download_forbidden_meaning,
    m.failure_download_forbidden_next,
    'try-again',
    'open-file',
  ),
  'download-not-weights': about(
    m.failure_download_not_weights_title,
    m.failure_download_not_weights_meaning,
    m.failure_download_not_weights_next,
    'try-again',
    'open-file',
  ),
  'weights-lacking': about(
    m.failure_weights_lacking_title,
    m.failure_weights_lacking_meaning,
    m.failure_weights_lacking_next,
    'open-file',
  ),
  'download-changed': about(
    m.failure_download_changed_title,
    m.failure_download_changed_meaning,
    m.failure_download_changed_next,
    'try-again',
  ),
  'address-not-understood': about(
    m.failure_address_not_understood_title,
    m.failure_address_not_understood_meaning,
    m.failure_address_not_understood_next,
    'open-file',
  ),
  'host-not-allowed': about(
    m.failure_host_not_allowed_title,
    m.failure_host_not_allowed_meaning,
    m.failure_host_not_allowed_next,
    'open-file',
  ),
  'search-unavailable': about(
    m.failure_search_unavailable_title,
    m.failure_search_unavailable_meaning,
    m.failure_search_unavailable_next,
  ),
  'weights-storage-full': weightsStorageFull,
  'weights-unavailable': words(
    m.failure_weights_unavailable_title,
    m.failure_weights_unavailable_meaning,
    m.failure_weights_unavailable_next,
    'try-again',
    'reload',
  ),
  'weights-storage-failed': words(
    m.failure_weights_storage_failed_title,
    m.failure_weights_storage_failed_meaning,
    m.failure_weights_storage_failed_next,
    'try-again',
    'reload',
  ),
  'weights-damaged': about(
    m.failure_weights_damaged_title,
    m.failure_weights_damaged_meaning,
    m.failure_weights_damaged_next,
    'repair',
    'choose-model',
  ),
  'weights-incomplete': words(
    m.failure_weights_incomplete_title,
    m.failure_weights_incomplete_meaning,
    m.failure_weights_incomplete_next,
    'choose-model',
  ),
  'storage-unavailable': words(
    m.failure_storage_unavailable_title,
    m.failure_storage_unavailable_meaning,
    m.failure_storage_unavailable_next,
    'export',
  ),
  'storage-full': words(
    m.failure_storage_full_title,
    m.failure_storage_full_meaning,
    m.failure_storage_full_next,
    'export',
    'try-again',
  ),
  'storage-blocked': words(
    m.failure_storage_blocked_title,
    m.failure_storage_blocked_meaning,
    m.failure_storage_blocked_next,
    'reload',
  ),
  'storage-outdated': words(
    m.failure_storage_outdated_title,
    m.failure_storage_outdated_meaning,
    m.failure_storage_outdated_next,
    'reload',
  ),
  'storage-locked': words(
    m.failure_storage_locked_title,
    m.failure_storage_locked_meaning,
    m.failure_storage_locked_next,
    'reload',
  ),
  'record-unreadable': words(
    m.failure_record_unreadable_title,
    m.failure_record_unreadable_meaning,
    m.failure_record_unreadable_next,
  ),
  'passphrase-wrong': words(
    m.failure_passphrase_wrong_title,
    m.failure_passphrase_wrong_meaning,
    m.failure_passphrase_wrong_next,
  ),
  'passkey-refused': words(
    m.failure_passkey_refused_title,
    m.failure_passkey_refused_meaning,
    m.failure_passkey_refused_next,
  ),
  'passkey-unable': words(
    m.failure_passkey_unable_title,
    m.failure_passkey_unable_meaning,
    m.failure_passkey_unable_next,
  ),
  'lock-damaged': words(
    m.failure_lock_damaged_title,
    m.failure_lock_damaged_meaning,
    m.failure_lock_damaged_next,
    'reload',
  ),
  'conversation-busy': words(
    m.failure_conversation_busy_title,
    m.failure_conversation_busy_meaning,
    m.failure_conversation_busy_next,
    'try-again',
    'new-chat',
  ),
  'conversation-gone': words(
    m.failure_conversation_gone_title,
    m.failure_conversation_gone_meaning,
    m.failure_conversation_gone_next,
    'store-again',
    'new-chat',
  ),
  'settings-unreadable': words(
    m.failure_settings_unreadable_title,
    m.failure_settings_unreadable_meaning,
    m.failure_settings_unreadable_next,
    'reload',
  ),
  'import-unreadable': words(
    m.failure_import_unreadable_title,
    m.failure_import_unreadable_meaning,
    m.failure_import_unreadable_next,
    'try-again',
  ),
  'attachment-binary': about(
    m.failure_attachment_binary_title,
    m.failure_attachment_binary_meaning,
    m.failure_attachment_binary_next,
  ),
  'attachment-too-large': about(
    m.failure_attachment_too_large_title,
    m.failure_attachment_too_large_meaning,
    m.failure_attachment_too_large_next,
  ),
  'attachment-encrypted': about(
    m.failure_attachment_encrypted_title,
    m.failure_attachment_encrypted_meaning,
    m.failure_attachment_encrypted_next,
  ),
  'attachment-no-text': about(
    m.failure_attachment_no_text_title,
    m.failure_attachment_no_text_meaning,
    m.failure_attachment_no_text_next,
  ),
  'attachment-encoding': about(
    m.failure_attachment_encoding_title,
    m.failure_attachment_encoding_meaning,
    m.failure_attachment_encoding_next,
  ),
  'attachment-unreadable': about(
    m.failure_attachment_unreadable_title,
    m.failure_attachment_unreadable_meaning,
    m.failure_attachment_unreadable_next,
  ),
  'benchmark-clock': words(
    m.failure_benchmark_clock_title,
    m.failure_benchmark_clock_meaning,
    m.failure_benchmark_clock_next,
    'try-again',
  ),
  'benchmark-elsewhere': words(
    m.failure_benchmark_elsewhere_title,
    m.failure_benchmark_elsewhere_meaning,
    m.failure_benchmark_elsewhere_next,
    'try-again',
  ),
  'result-unreadable': words(
    m.failure_result_unreadable_title,
    m.failure_result_unreadable_meaning,
    m.failure_result_unreadable_next,
  ),
  'result-newer': about(
    m.failure_result_newer_title,
    m.failure_result_newer_meaning,
    m.failure_result_newer_next,
    'reload',
  ),
  'result-not-kept': words(
    m.failure_result_not_kept_title,
    m.failure_result_not_kept_meaning,
    m.failure_result_not_kept_next,
    'free-space',
  ),
  'persona-file-unreadable': words(
    m.failure_persona_file_unreadable_title,
    m.failure_persona_file_unreadable_meaning,
    m.failure_persona_file_unreadable_next,
    'try-again',
  ),
  cancelled: words(m.failure_cancelled_title, m.failure_cancelled_meaning, m.failure_cancelled_next, 'try-again'),
  unexpected: words(
    m.failure_unexpected_title,
    m.failure_unexpected_meaning,
    m.failure_unexpected_next,
    'try-again',
    'reload',
  ),
} satisfies Record<FailureKind, Words>;

export const failureText = ({ kind, numbers = {}, subject }: Failure): FailureText => texts[kind](numbers, subject);
