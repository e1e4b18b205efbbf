/** The first import of every worker that needs no network at all. (Engine code gets its weights as Blobs.) */
import { allButFetch, forbid } from './forbid';
import './refuse-unreadable';

forbid(['fetch', ...allButFetch]);
