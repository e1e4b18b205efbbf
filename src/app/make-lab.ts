/** Builds the Lab from the parts of the app. Loaded with its screen. */
import { CheckRunner } from '../lab/checks/check-runner';
import { Lab } from '../lab/lab.svelte';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { Models } from '../models/models.svelte';
import { commit, version } from '../settings/version';
import type { ChatsStore } from '../storage/chats-store';
import { StoredLab } from '../storage/stored-lab';

interface LabApp {
  readonly activeModel: ActiveModel;
  readonly models: Models;
  readonly chats: ChatsStore;
}

export const makeLab = ({ activeModel, models: { shelf }, chats }: LabApp): Lab =>
  new Lab({
    model: activeModel,
    repository: new StoredLab(chats.tables),
    app: { version, commit },
    modelOf: (modelId) => shelf.models.find(({ id }) => id === modelId) ?? null,
    weightsFactsOf: ({ id, bytes, license, source }) => {
      const files = shelf.stored.find(({ manifest }) => manifest.modelId === id)?.manifest.files ?? [];
      const [first, ...others] = files;
      // Of several files, no hash is that of the model.
      const stored = others.length === 0 ? (first?.sha256 ?? '') : '';
      return { weightsSha256: source.kind === 'built-in' ? source.sha256 : stored, bytes, license: license ?? null };
    },
    checks: new CheckRunner(),
  });
