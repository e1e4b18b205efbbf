import { mostFiles } from '../../chat/files/pending-files.svelte';
import { failureFrom } from '../../shared/protocol/failure';
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { RunningApp } from '../running-app';
import type { IncomingPlaces } from './incoming.svelte';

/** The message box of a new chat, with what was typed there before: that may still be on its way from the disk. */
async function newDraft(app: RunningApp): Promise<RunningApp['session']> {
  // A chat that is being read is none of the sender's business.
  if (app.session.conversationId !== null) app.showNewChat();
  app.router.goTo('#/chat');
  const { session } = app;
  await session.restoreDraft();
  return session;
}

/** Where things from outside go in this app. */
export const incomingPlaces = (app: RunningApp): IncomingPlaces => ({
  addText: (text) => {
    void newDraft(app).then((session) => {
      session.draft = session.draft === '' ? text : `${session.draft}\n\n${text}`;
    });
  },
  addAttachment: (file) => {
    void newDraft(app).then(({ files }) => {
      if (files.add([file]) > 0)
        app.notices.show({ text: `${file.name}: ${m.file_too_many({ count: formatCount(mostFiles) })}` });
    });
  },
  addSound: (file) => {
    void app.attempt(async () => {
      const session = await newDraft(app);
      (await app.dictation.open()).addFiles(session, [file]);
    });
  },
  addModel: (file) => {
    app.router.goTo('#/models');
    void app.models.shelf.copyFiles([{ path: file.name, file }]).then(async (copied) => {
      if (copied.ok || copied.failure.kind === 'cancelled') return;
      await app.tell(copied.failure, file.name);
    });
  },
  addModelAddress: (address) => {
    app.models.askedFor = address;
    app.router.goTo('#/models');
  },
  // Where a person sees what is in the file, and decides.
  importChats: async (file) => {
    app.router.goTo('#/settings');
    try {
      await app.library.importFile(file, () => void app.settings.personas.open().then((personas) => personas.reload()));
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  },
});
