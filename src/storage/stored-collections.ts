import type {
  Collection,
  CollectionDocument,
  CollectionId,
  DocumentContent,
  DocumentId,
} from '../shared/domain/collection';
import type { Tables } from './tables';

/** A document with all that belongs to it. */
export interface WholeDocument {
  readonly document: CollectionDocument;
  /** Null where it is gone, or cannot be read any more. */
  readonly content: DocumentContent | null;
}

/** A collection with all that belongs to it. */
export interface WholeCollection {
  readonly collection: Collection;
  readonly documents: readonly WholeDocument[];
}

const all = ['collections', 'documents', 'documentContents'] as const;

/**
 * Collections of files: beside the chats, under the same lock. Ids stay in the clear there, so they say nothing. Rejections are
 * `FailureError`s of a storage kind.
 */
export class StoredCollections {
  constructor(private readonly tables: Tables) {}

  /** All collections and documents, without the contents. */
  list(): Promise<{ readonly collections: readonly Collection[]; readonly documents: readonly CollectionDocument[] }> {
    return this.tables.run('readonly', ['collections', 'documents'], async ({ collections, documents }) => {
      // Not one after the other: both are asked in the same moment, so that the transaction has no gap.
      const [sets, files] = await Promise.all([collections.all(), documents.all()]);
      return { collections: sets, documents: files };
    });
  }

  write(collection: Collection): Promise<void> {
    return this.tables.run('readwrite', ['collections'], ({ collections }) => collections.put(collection));
  }

  /** Changes what is stored now. @returns null where it is gone */
  change(id: CollectionId, change: (stored: Collection) => Collection): Promise<Collection | null> {
    return this.tables.run('readwrite', ['collections'], async ({ collections }) => {
      const stored = await collections.get(id);
      if (!stored) return null;
      const changed = change(stored);
      await collections.put(changed);
      return changed;
    });
  }

  /** Null where there is none, or it cannot be read. */
  content(id: DocumentId): Promise<DocumentContent | null> {
    return this.tables.run('readonly', ['documentContents'], async ({ documentContents }) => {
      return (await documentContents.get(id)) ?? null;
    });
  }

  /** @returns false, with nothing written, where its collection was deleted meanwhile: nobody would find it again */
  writeDocument({ document, content }: WholeDocument): Promise<boolean> {
    return this.tables.run('readwrite', all, async (tables) => {
      if (!(await tables.collections.get(document.collectionId))) return false;
      await Promise.all([
        tables.documents.put(document),
        content ? tables.documentContents.put(content) : Promise.resolve(),
      ]);
      return true;
    });
  }

  /**
   * Stores vectors, and for how many passages of a document there are any.
   * @returns null, with nothing written, where it was deleted meanwhile, or its collection has another model by now: it would pass
   * for embedded, and never be found by meaning
   */
  keepVectors(content: DocumentContent, embeddedPassages: number): Promise<CollectionDocument | null> {
    return this.tables.run('readwrite', all, async (tables) => {
      const [stored, collection] = await Promise.all([
        tables.documents.get(content.id),
        tables.collections.get(content.collectionId),
      ]);
      if (!stored || collection?.embedder?.modelId !== content.embedder?.modelId) return null;
      const changed = { ...stored, embeddedPassages };
      await Promise.all([tables.documents.put(changed), tables.documentContents.put(content)]);
      return changed;
    });
  }

  /**
   * Changes a document as it is stored now, and, where one is given, puts its content.
   * @returns null, with nothing written, where it was deleted meanwhile
   */
  changeDocument(
    id: DocumentId,
    change: (stored: CollectionDocument) => CollectionDocument,
    content?: DocumentContent,
  ): Promise<CollectionDocument | null> {
    return this.tables.run('readwrite', ['documents', 'documentContents'], async (tables) => {
      const stored = await tables.documents.get(id);
      if (!stored) return null;
      const changed = change(stored);
      await Promise.all([tables.documents.put(changed), ...(content ? [tables.documentContents.put(content)] : [])]);
      return changed;
    });
  }

  /** Deletes and returns what was there, for undo. Null when there was nothing. */
  removeDocument(id: DocumentId): Promise<WholeDocument | null> {
    return this.tables.run('readwrite', ['documents', 'documentContents'], async (tables) => {
      const document = await tables.documents.get(id);
      if (!document) return null;
      const content = (await tables.documentContents.get(id)) ?? null;
      await tables.documents.delete(id);
      await tables.documentContents.delete(id);
      return { document, content };
    });
  }

  /** Deletes and returns what was there, for undo. Null when there was nothing. */
  remove(id: CollectionId): Promise<WholeCollection | null> {
    return this.tables.run('readwrite', all, async (tables) => {
      const collection = await tables.collections.get(id);
      if (!collection) return null;
      const documents: WholeDocument[] = [];
      for (const document of (await tables.documents.all()).filter(({ collectionId }) => collectionId === id)) {
        documents.push({ document, content: (await tables.documentContents.get(document.id)) ?? null });
        await tables.documents.delete(document.id);
        await tables.documentContents.delete(document.id);
      }
      await tables.collections.delete(id);
      return { collection, documents };
    });
  }

  /** Brings back what `remove` returned. */
  async restore({ collection, documents }: WholeCollection): Promise<void> {
    await this.write(collection);
    // One at a time: each transaction seals what it writes, and files may be large.
    for (const document of documents) await this.writeDocument(document);
  }
}
