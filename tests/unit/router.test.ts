import { describe, expect, it } from 'vitest';
import { parseHash } from '../../src/app/router.svelte';

describe('addresses', () => {
  it.each([
    ['', { screen: 'chat', conversationId: null, messageId: null }],
    ['#/', { screen: 'chat', conversationId: null, messageId: null }],
    ['#/chat', { screen: 'chat', conversationId: null, messageId: null }],
    ['#/chat/abc', { screen: 'chat', conversationId: 'abc', messageId: null }],
    ['#/chat/abc/a%2Fb', { screen: 'chat', conversationId: 'abc', messageId: 'a/b' }],
    ['#/chat/abc/%E0%A4', { screen: 'chat', conversationId: 'abc', messageId: null }],
    ['#/models', { screen: 'models' }],
    ['#/models/vision', { screen: 'models' }],
    ['#/benchmark', { screen: 'benchmark' }],
    ['#/privacy', { screen: 'privacy' }],
    ['#/settings', { screen: 'settings' }],
    ['#/no-such-screen/x', { screen: 'chat', conversationId: null, messageId: null }],
  ])('lead to the screen that they name, others to a new chat: %s', (hash, route) =>
    expect(parseHash(hash)).toEqual(route),
  );
});
