import { KeptSwitch } from '../ui/kept-switch.svelte';

/** How a person uses the keyboard here. */
export class Keyboard {
  /** The list of shortcuts is on the screen. */
  helpOpen = $state(false);
  /** Whether letters alone are shortcuts where nobody types. */
  readonly singleKeys = new KeptSwitch('sotto.single-keys');
}
