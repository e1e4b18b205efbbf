/** What the page saw of itself and of the device while a run went on. Types only. */
export const disturbanceKinds = ['hidden', 'frozen', 'unfocused', 'long-task', 'pressure'] as const;
export type DisturbanceKind = (typeof disturbanceKinds)[number];

export interface Disturbance {
  readonly kind: DisturbanceKind;
  /** ms of the page's clock. */
  readonly from: number;
  readonly to: number;
}

export interface Observations {
  readonly disturbances: readonly Disturbance[];
  /** State of the CPU by the browser's measure, each from then on (ms of the page's clock). */
  readonly pressure: readonly { readonly at: number; readonly state: string }[];
  readonly battery: { readonly charging: boolean; readonly before: number; readonly after: number } | null;
  /** Median time between two frames before the run, ms. */
  readonly frameMs: number | null;
  readonly wakeLock: boolean;
  /** It was too busy when the run began, and the person said to go on. */
  readonly busyAtStart: boolean;
  /** The weights were deleted in the middle. */
  readonly modelDeleted: boolean;
}

export const nothingSeen: Observations = {
  disturbances: [],
  pressure: [],
  battery: null,
  frameMs: null,
  wakeLock: false,
  busyAtStart: false,
  modelDeleted: false,
};
