/** The first import of the weights worker: it reaches the hosts that the policy names, and no other. */
import { hostIsAllowed } from '../src/shared/platform/weight-hosts';
import { guardFetch } from './guard-fetch';
import './refuse-unreadable';

guardFetch(hostIsAllowed);
