import type { StoredModel } from '../../shared/protocol/weights';
import type { ActiveModel } from '../../engine/active-model.svelte';
import { failureText } from '../../text/failure-text';
import { m } from '../../text/paraglide/messages.js';
import { articleBeside, focusArticle } from '../focus-article';
import type { ModelShelf } from './model-shelf.svelte';

type Notify = (notice: { text: string; action?: { label: string; run: () => void } }) => void;

/** Taking models off the device, with a way back, and with the focus on what stands beside them. */
export class ModelRemoval {
  constructor(
    private readonly shelf: ModelShelf,
    private readonly activeModel: ActiveModel,
    private readonly notify: Notify,
  ) {}

  async remove({ manifest: { modelId, name }, state }: StoredModel): Promise<void> {
    const beside = articleBeside(modelId);
    await this.#letGo(modelId);
    const removed = await this.shelf.remove(modelId);
    if (!removed.ok) return this.notify({ text: failureText(removed.failure).title });
    await this.shelf.refresh();
    await focusArticle(modelId, beside);
    const whole = state === 'ready' || state === 'failed';
    // A copy cannot be taken up again without its files.
    if (state === 'copying') return this.notify({ text: m.transfer_copy_cancelled({ name }) });
    const undo = { label: m.undo(), run: () => void this.#restore(modelId) };
    this.notify({ text: whole ? m.model_deleted({ name }) : m.transfer_cancelled({ name }), action: undo });
  }

  /** A file that was opened for this visit; the file itself is not touched. */
  async forget(id: string): Promise<void> {
    const beside = articleBeside(id);
    await this.#letGo(id);
    this.shelf.closeVisit(id);
    await focusArticle(id, beside);
  }

  async #restore(modelId: string): Promise<void> {
    const restored = await this.shelf.restore(modelId);
    if (!restored.ok) return this.notify({ text: failureText(restored.failure).title });
    await this.shelf.refresh();
    await focusArticle(modelId);
  }

  /** Its memory is wanted back, and a model that is gone must not stay chosen. */
  async #letGo(id: string): Promise<void> {
    const successor = this.shelf.models.find((model) => model.id !== id);
    if (this.activeModel.chosen.id !== id || !successor) return;
    await this.activeModel.unload();
    this.activeModel.choose(successor);
  }
}
