import type { ModelDescriptor } from '../../shared/domain/model';
import guideFile from './guide-file.json';

/** The model that ships with the app: it answers about Sotto only, at once, without a download. */
export const guide: ModelDescriptor = {
  id: 'guide',
  name: 'Guide',
  engine: 'cpu',
  source: { kind: 'built-in', path: guideFile.path, sha256: guideFile.sha256 },
  bytes: guideFile.bytes,
  license: 'MIT',
  contextTokens: 1024,
  // What it was trained on: a question alone, or after one other, which it may refer to. Longer chats it has never seen.
  recalledQuestions: 1,
  // Greedy: the same question has the same answer on every device, so the answers can be checked.
  sampling: { temperature: 0, maxTokens: 400 },
};
