/** The first import of the service worker, whose script no service worker can give a policy: it reaches its own host, and no other. */
import { guardFetch } from './guard-fetch';

guardFetch((url) => new URL(url).origin === self.location.origin);
