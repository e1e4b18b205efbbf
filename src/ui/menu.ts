import type { Component } from 'svelte';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon?: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
  /** Set on every item of a menu in which one is chosen. */
  readonly checked?: boolean;
  readonly alarm?: boolean;
  run(): void;
}
