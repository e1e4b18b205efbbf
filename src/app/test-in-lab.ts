/** Takes a question out of a chat into the Lab. Loaded when somebody asks for it. */
import { turnsOf } from '../chat/prompt';
import type { ChatSession } from '../chat/chat-session.svelte';
import type { Lab } from '../lab/lab.svelte';
import type { MessageId } from '../shared/domain/conversation';
import { splitThinking } from '../shared/domain/thinking';
import type { Router } from './router.svelte';

interface LabApp {
  readonly session: ChatSession;
  readonly router: Router;
  readonly lab: { open(): Promise<Lab> };
}

/** @param id of an answer on the screen: what stands before it is asked, and it is offered as the reference */
export async function testInLab(app: LabApp, id: MessageId): Promise<void> {
  const { path } = app.session;
  const index = path.findIndex((message) => message.id === id);
  const answer = path[index];
  if (answer?.role !== 'assistant') return;
  const { systemPrompt } = answer.settings ?? {};
  const lab = await app.lab.open();
  lab.carried = {
    turns: turnsOf(path.slice(0, index), false, systemPrompt === undefined ? {} : { systemPrompt }),
    answer: splitThinking(answer.text, false).answer,
  };
  app.router.goTo('#/lab');
}
