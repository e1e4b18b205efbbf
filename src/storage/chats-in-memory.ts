import { ChatsStore } from './chats-store';
import { MemoryTables } from './memory-tables';

/** Loaded only where it is needed: most browsers store what they are given. */
export const inMemory = (): ChatsStore => new ChatsStore(new MemoryTables(), false, () => Promise.resolve());
