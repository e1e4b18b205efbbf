/** Whether a request can say that it means the local network. Chromium then lets a secure page ask by http there. */
export const asksLocally = 'Request' in globalThis && 'targetAddressSpace' in Request.prototype;
