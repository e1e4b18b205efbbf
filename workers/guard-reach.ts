/** The first import of the reach worker: it reaches servers that the policy of the build names, and no other host. */
import { serverIsAllowed } from '../src/shared/platform/server-hosts';
import { guardFetch } from './guard-fetch';
import './refuse-unreadable';

guardFetch(serverIsAllowed);
