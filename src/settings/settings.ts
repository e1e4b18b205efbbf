import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';
import { Appearance } from './appearance.svelte';
import type { Personas, PersonasParts } from './personas/personas.svelte';
import { PreviewChoice } from './preview-choice.svelte';
import { TitleChoice } from './title-choice.svelte';

/** What a person has chosen for the whole app. */
export class Settings {
  readonly appearance = new Appearance();
  readonly titles = new TitleChoice();
  readonly previews = new PreviewChoice();
  /** No first answer needs them. */
  readonly personas: LatePart<Personas>;

  constructor(personas: PersonasParts) {
    this.personas = new LatePart(async () => {
      const { Personas: All } = await loadPart(() => import('./personas/personas.svelte'));
      return new All(personas);
    });
  }

  /** For choosing a persona where one writes. */
  async readPersonas(): Promise<Personas> {
    const personas = await this.personas.open();
    await personas.load();
    return personas;
  }
}
