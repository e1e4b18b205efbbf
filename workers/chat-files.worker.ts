/** Entry of the import: reads files of chats beside the page, which they must not hold up. */
import './restrict-scope';
import { expose } from 'comlink';
import { ChatFileReader } from './chat-files/chat-file-reader';

expose(new ChatFileReader());
