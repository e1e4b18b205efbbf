import type { LoadSettings } from '../../shared/domain/engine-choice';
import { LocalFacts } from '../../engine/local-facts.svelte';

/** How a person wants models to be loaded. Kept by model; takes effect with the next load. */
export class LoadSettingsBook {
  readonly #kept = new LocalFacts<LoadSettings>('sotto.load-settings');

  of(modelId: string): LoadSettings {
    return this.#kept.get(modelId) ?? {};
  }

  /** @param settings undefined takes a setting back to what the app decides */
  change(modelId: string, settings: { readonly [name in keyof LoadSettings]: LoadSettings[name] | undefined }): void {
    const merged = Object.entries({ ...this.of(modelId), ...settings }).filter(([, value]) => value !== undefined);
    if (merged.length === 0) this.#kept.delete(modelId);
    else this.#kept.set(modelId, Object.fromEntries(merged) as LoadSettings);
  }
}
