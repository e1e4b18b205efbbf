/** Writes an answer into a conversation, from the question that is stored to the last word. Loaded before the first question. */
import type { AnswerMessage } from '../shared/domain/conversation';
import { newChat } from '../shared/domain/draft';
import { failureFrom } from '../shared/protocol/failure';
import { AnswerWriter } from './answer-writer';
import type { AnsweringParts, AnswerOrder, AnswerProgress, ConversationState } from './answer-order';
import { attached } from './files/attachment-texts';
import { storedPictures } from './files/stored-pictures';
import { conversationGone } from './kept-conversation.svelte';
import { LiveAnswer } from './live-answer.svelte';
import { ignoresSettings, resolveSettings } from './settings/resolve-settings';

/**
 * Called while no other tab writes to the conversation.
 * @returns null when the conversation is gone; the words of the question are still in the box then
 */
export async function writeAnswer(
  { repository, model, channel, changed, answered, documents, temporary = false }: AnsweringParts,
  { kept, draft, fileTexts, settings: wishes }: ConversationState,
  { header, branch, fresh, continued, settings: once, files = [] }: AnswerOrder,
  progress: AnswerProgress,
): Promise<AnswerMessage | null> {
  const chosen = model.chosen;
  const live = new LiveAnswer(
    continued ?? {
      role: 'assistant',
      id: crypto.randomUUID(),
      conversationId: header.id,
      parentId: branch.at(-1)?.id ?? null,
      text: '',
      createdAt: Date.now(),
      state: 'streaming',
      modelId: chosen.id,
      modelName: chosen.name,
    },
  );
  await wishes.ready().catch((error: unknown) => {
    // It is asked without any of them.
    if (!ignoresSettings(chosen)) throw error;
  });
  const draftKey = draft.key;
  // Later they are stored when they are changed; another tab may have changed them since.
  const settingsFields = draftKey === newChat ? wishes.fields : {};
  const changes = { ...settingsFields, updatedAt: Date.now(), activeLeafId: live.id };
  const records = files.map((file) => file.record(header.id));
  // On disk before a word of the answer is asked for: a question that was sent is never lost.
  const started = await kept.store(changes, [...fresh, live.record()], records);
  if (started === null) {
    progress.failed(conversationGone);
    return null;
  }
  if (fresh.some((question) => question.text === draft.text)) draft.text = '';
  draft.moveFrom(draftKey);
  const writer = new AnswerWriter(model, live, {
    phase: progress.phase,
    save: (record) => repository.writeMessage(record),
    saveFailed: (error) => progress.failed(failureFrom(error, 'storage-unavailable')),
  });
  progress.began(live, writer);
  changed(started);
  channel.announce(started.id);

  const { collections = [] } = wishes.own;
  const record = await writer.write({
    branch,
    documents: documents && collections.length > 0 ? { documents, ids: collections } : null,
    continued: continued !== undefined,
    temporary,
    fileTexts: await fileTexts.of(branch),
    pictures: (shown) => storedPictures(fileTexts, shown.flatMap(attached)),
    settingsFor: (wanted) => resolveSettings({ ...wishes.layers, once }, wanted),
  });
  kept.put([record]);
  progress.ended();
  channel.announce(started.id);
  if (record.state === 'whole' && continued === undefined) answered?.(record, writer.turns);
  return record;
}
