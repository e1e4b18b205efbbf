import { KeptSwitch } from '../ui/kept-switch.svelte';
import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';
import { Appearance } from './appearance.svelte';
import type { Personas, PersonasParts } from './personas/personas.svelte';

/** What a person has chosen for the whole app. */
export class Settings {
  readonly appearance = new Appearance();
  /** Whether the model may name conversations. */
  readonly titles = new KeptSwitch('sotto.titles');
  /** Whether what a model writes as HTML, SVG or Mermaid may be drawn. One switch for all of it: without it, there is no button. */
  readonly previews = new KeptSwitch('sotto.previews', (on) => {
    // Answers are elements without components: the style sheet shows the button or hides it.
    document.documentElement.dataset['previews'] = on ? 'on' : 'off';
  });
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
