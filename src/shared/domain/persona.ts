/** A way of answering that a person can choose for a conversation. Types only. */
import type { ChatSettings } from './chat-settings';

export type PersonaId = string;

export interface Persona {
  readonly id: PersonaId;
  readonly name: string;
  /** One emoji. */
  readonly icon: string;
  readonly settings: ChatSettings;
  /** Id of the model that answers, where it is on the device. */
  readonly modelId?: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** ms since the epoch */
  readonly updatedAt: number;
}
