/// <reference lib="webworker" />
/** Entry of the search: an index of all chats, in this thread's memory. */
import './restrict-scope';
import type { SearchReply, SearchRequest } from '../src/shared/protocol/search';
import { ChatsReader } from './search/chats-reader';
import { SearchHost } from './search/search-host';

const host = new SearchHost(new ChatsReader(), (reply: SearchReply) => self.postMessage(reply));

self.onmessage = ({ data }: MessageEvent<SearchRequest>): void => host.take(data);
