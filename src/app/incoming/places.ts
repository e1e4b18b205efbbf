import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { App } from '../app';
import type { IncomingPlaces } from './incoming.svelte';

/** Where things from outside go in this app. */
export const incomingPlaces = (app: App): IncomingPlaces => ({
  addText: (text) => {
    // A chat that is being read is none of the sender's business.
    if (app.session.conversationId !== null) app.showNewChat();
    app.router.goTo('#/chat');
    const { draft } = app.session;
    app.session.draft = draft === '' ? text : `${draft}\n\n${text}`;
  },
  addModel: (file) => {
    app.router.goTo('#/models');
    void app.shelf.copyFiles([{ path: file.name, file }]).then(async (copied) => {
      if (copied.ok || copied.failure.kind === 'cancelled') return;
      const { failureText } = await import('../../text/failure-text');
      const { title, nextStep } = failureText(copied.failure);
      app.notices.show({ text: `${file.name}: ${title}. ${nextStep}` });
    });
  },
  addModelAddress: (address) => {
    app.modelAddress.value = address;
    app.router.goTo('#/models');
  },
  importChats: async (file) => {
    const result = await app.library.importChats(file);
    if (result.ok) {
      const { conversations, messages, skipped } = result.value;
      app.notices.show({
        text: m.import_done({
          conversations: formatCount(conversations),
          messages: formatCount(messages),
          skipped: formatCount(skipped),
        }),
      });
    }
    return result;
  },
});
