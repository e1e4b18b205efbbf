/** What an answer that is whole leads to, beside the screen: it tells how fast its model is, and may be given a title. */
import type { AnswerMessage } from '../shared/domain/conversation';
import type { ChatTurn } from '../shared/protocol/engine';
import type { ActiveModel } from '../engine/active-model.svelte';
import { noteRate } from '../engine/seen-rates';
import type { Library } from '../library/library.svelte';
import { TitleProposer } from '../library/title-proposer';
import type { Settings } from '../settings/settings';

interface AnswerPlaces {
  readonly activeModel: ActiveModel;
  readonly settings: Settings;
  readonly library: Library;
}

/** @param turns what it was an answer to */
export async function afterAnswer(
  { activeModel, settings, library }: AnswerPlaces,
  answer: AnswerMessage,
  turns: readonly ChatTurn[],
): Promise<void> {
  noteRate(answer);
  const proposer = new TitleProposer({
    model: activeModel,
    enabled: () => settings.titles.on,
    save: (id, title) =>
      library.change([id], ({ titledBy }) => (titledBy === undefined ? { title, titledBy: 'model' } : null)),
  });
  await proposer.answered(answer, turns);
}
