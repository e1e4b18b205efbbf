/** Presses and clicks, in the form of W3C WebDriver. */
import type { InputSource } from './remote-tab';

/** The protocol's own characters for keys that write nothing (W3C WebDriver, "Keyboard actions"). */
const keys: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  Meta: '\uE03D',
};

const value = (name: string): string => {
  const known = keys[name];
  if (known === undefined && name.length !== 1) throw new Error(`no such key: ${name}`);
  return known ?? name;
};

/** @param chord as Playwright writes it: "Control+Shift+L" */
export function press(chord: string): InputSource[] {
  const values = chord.split('+').map(value);
  const actions = [
    ...values.map((key) => ({ type: 'keyDown', value: key }) as const),
    ...values.toReversed().map((key) => ({ type: 'keyUp', value: key }) as const),
  ];
  return [{ type: 'key', id: 'keyboard', actions }];
}

export function type(text: string): InputSource[] {
  const actions = [...text].flatMap(
    (character) =>
      [
        { type: 'keyDown', value: character },
        { type: 'keyUp', value: character },
      ] as const,
  );
  return [{ type: 'key', id: 'keyboard', actions }];
}

export function point(x: number, y: number, clicks: boolean): InputSource[] {
  const move = { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 } as const;
  const click = [
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ] as const;
  return [
    {
      type: 'pointer',
      id: 'mouse',
      parameters: { pointerType: 'mouse' },
      actions: clicks ? [move, ...click] : [move],
    },
  ];
}
