import { describe, expect, it } from 'vitest';
import { parseHash } from '../../src/app/router.svelte';

describe('addresses', () => {
  it.each([
    ['', { screen: 'chat', conversationId: null }],
    ['#/', { screen: 'chat', conversationId: null }],
    ['#/chat', { screen: 'chat', conversationId: null }],
    ['#/chat/abc', { screen: 'chat', conversationId: 'abc' }],
    ['#/models', { screen: 'models' }],
    ['#/benchmark', { screen: 'benchmark' }],
    ['#/privacy', { screen: 'privacy' }],
    ['#/settings', { screen: 'settings' }],
    ['#/no-such-screen/x', { screen: 'chat', conversationId: null }],
  ])('%s', (hash, route) => expect(parseHash(hash)).toEqual(route));
});
