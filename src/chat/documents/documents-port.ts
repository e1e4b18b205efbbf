/** What the chat needs of documents. Handed in by the app: the chat knows them as types only. */
import type { Component } from 'svelte';
import type { CollectionsApi } from '../../documents/documents-api';
import type { FoundPlace } from '../../shared/domain/collection';

export interface PlaceDialogProps {
  readonly collections: CollectionsApi;
  readonly place: FoundPlace;
  readonly closed: () => void;
}

export interface ChatDocuments {
  readonly collections: CollectionsApi;
  /** Shows a place in its document. */
  readonly PlaceDialog: Component<PlaceDialogProps>;
}

/** Opens them when they are first wanted. */
export interface DocumentsPort {
  /** @throws FailureError of a part that could not be loaded */
  open(): Promise<ChatDocuments>;
}
