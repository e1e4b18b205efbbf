/**
 * Everything that Sotto keeps in this browser, by the names that developer tools show. A unit test reads the sources and fails
 * when a name is missing here, so that the privacy statement cannot fall behind the code.
 */
import { m } from '../text/paraglide/messages.js';

interface KeptThing {
  readonly name: string;
  readonly about: () => string;
}

export const keptDatabases: readonly KeptThing[] = [
  { name: 'sotto-chats', about: m.kept_chats_about },
  { name: 'sotto-prompt-cache', about: m.kept_prompt_cache_about },
  { name: 'sotto-weights', about: m.kept_weights_about },
  { name: 'sotto-ledger', about: m.kept_ledger_about },
  { name: 'sotto-benchmark', about: m.kept_benchmarks_about },
];

/** Caches have the folder and the version of the app in their names. */
export const keptCaches: readonly KeptThing[] = [{ name: 'sotto:…', about: m.kept_caches_about }];

export const keptSettings: readonly KeptThing[] = [
  { name: 'sotto.language', about: m.kept_language_about },
  { name: 'sotto.theme', about: m.kept_theme_about },
  { name: 'sotto.model', about: m.kept_model_about },
  { name: 'sotto.hub-url', about: m.kept_hub_about },
  { name: 'sotto.install', about: m.kept_install_about },
  { name: 'sotto.kept', about: m.kept_mark_about },
  { name: 'sotto.single-keys', about: m.kept_single_keys_about },
  { name: 'sotto.previews', about: m.kept_previews_about },
  { name: 'sotto.titles', about: m.kept_titles_about },
  { name: 'sotto.microphone', about: m.kept_microphone_about },
  { name: 'sotto.only-here', about: m.kept_only_here_about },
  { name: 'sotto.load-settings', about: m.kept_load_settings_about },
  { name: 'sotto.quick-speeds', about: m.kept_quick_speeds_about },
  { name: 'sotto.speed-check', about: m.kept_speed_check_about },
  { name: 'sotto.seen-rates', about: m.kept_seen_rates_about },
  { name: 'sotto.backend-trials', about: m.kept_backend_trials_about },
  { name: 'sotto.checked-answers', about: m.kept_checked_answers_about },
  { name: 'sotto.running-loads', about: m.kept_running_loads_about },
  { name: 'sotto.crashed-loads', about: m.kept_crashed_loads_about },
  { name: 'sotto.benchmark.device', about: m.kept_benchmark_device_about },
  { name: 'sotto.benchmark.label', about: m.kept_benchmark_label_about },
  { name: 'sotto.lab.costs', about: m.kept_lab_costs_about },
];

/** Gone when the tab is closed. */
export const keptForTheTab: readonly KeptThing[] = [
  { name: 'sotto.use-when-ready', about: m.kept_use_when_ready_about },
  { name: 'sotto.carried', about: m.kept_carried_about },
  { name: 'sotto.isolation-tried', about: m.kept_isolation_about },
  { name: 'sotto.deletion', about: m.kept_deletion_about },
];
