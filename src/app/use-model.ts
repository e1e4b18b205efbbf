/** Takes a model into use that was on its way, and gives it the question that the Guide could not answer. */
import { declinedQuestion } from '../chat/guide-declines';
import type { ModelDescriptor } from '../shared/domain/model';
import { guide } from '../models/shelf/guide';
import { m } from '../text/paraglide/messages.js';
import type { RunningApp } from './running-app';

/** @param unasked a person has wished for it before, and may be looking at something else now */
export async function useModel(app: RunningApp, model: ModelDescriptor, unasked = false): Promise<void> {
  app.starter.value?.done();
  app.activeModel.choose(model);
  const { session } = app;
  const declined = declinedQuestion(session.path, guide.id);
  if (unasked && app.router.route.screen !== 'chat') {
    app.notices.show({
      text: declined ? m.starter_answers_now({ name: model.name }) : m.starter_in_use({ name: model.name }),
      action: { label: m.starter_show_chat(), run: () => app.router.goTo(`#/chat/${session.conversationId ?? ''}`) },
    });
  }
  if (declined === null) void app.activeModel.warmUp();
  // As another version of the answer; after that more has been said, as a question of its own.
  else if (declined.isLast) await session.regenerate(declined.answerId, { model });
  else await session.send(declined.question.text, []);
}
