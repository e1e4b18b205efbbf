/** The first import of the server worker: it reaches servers that a person has added, and no other. */
import { guardFetch } from './guard-fetch';
import './refuse-unreadable';
import { isAdmitted } from './server/admitted';

guardFetch(isAdmitted);
