/// <reference lib="webworker" />
/** Entry of the search: an index of all chats, in this thread's memory. */
import './restrict-scope';
import { expose } from 'comlink';
import type { SearchProgress } from '../src/shared/protocol/search';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { ChatsReader } from './search/chats-reader';
import { SearchHost } from './search/search-host';

const tell = (event: SearchProgress): void => self.postMessage({ event } satisfies WorkerEvent<SearchProgress>);

expose(new SearchHost(new ChatsReader(), tell));
