/** Which models are made to be talked to, and which for search or dictation. */
import { describe, expect, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { purposeOf } from '../../src/shared/domain/model-purpose';
import { LoadSettingsBook } from '../../src/models/load/load-settings';
import { chatModels } from '../../src/models/shelf/stored-models';
import { checkGguf } from '../../workers/gguf/check-gguf';
import { storedGguf } from '../fixtures/models';
import { blobOf, metadataOf, shapes } from '../fixtures/synthetic-gguf';
import { ggufPieces } from '../fixtures/gguf-writer';

const manifest = (changes: Partial<WeightsManifest>): WeightsManifest => ({
  ...storedGguf('hub:a/b/c.gguf', 1000).manifest,
  ...changes,
});
const projector = { path: 'mmproj.gguf', sees: false, hears: true };

/** A header that says how it sums up a text. */
async function headerWith(pooling: number): Promise<NonNullable<WeightsManifest['gguf']>> {
  const entries = [...metadataOf(shapes.tinyQwen3, 'Tiny', ['a', 'b']), { key: 'qwen3.pooling_type', u32: pooling }];
  return checkGguf([blobOf(ggufPieces(entries, []))]);
}

describe('the purpose of a model', () => {
  it('is search where its header says that it makes one vector of a text', async () => {
    for (const pooling of [1, 2, 3])
      expect(purposeOf(manifest({ name: 'Tiny', gguf: await headerWith(pooling) }))).toBe('embedding');
    // None, and the ranking of pairs, which makes no vectors.
    for (const pooling of [0, 4])
      expect(purposeOf(manifest({ name: 'Tiny', gguf: await headerWith(pooling) }))).toBe('chat');
  });

  it('is search where its name says so, also before its header has been read and for MLC weights', () => {
    expect(purposeOf(manifest({ name: 'Qwen3-Embedding-0.6B-Q8_0' }))).toBe('embedding');
    expect(purposeOf(manifest({ name: 'snowflake-arctic-embed-m-q0f32-MLC' }))).toBe('embedding');
    expect(purposeOf(manifest({ name: 'EmbeddedLLM-7B' }))).toBe('chat');
  });

  it('is dictation where it hears and is named so', () => {
    for (const name of ['Qwen3-ASR-0.6B-Q8_0', 'whisper-small', 'GLM ASR Nano', 'Qwen3ASR', 'granite-speech-2b'])
      expect(purposeOf(manifest({ name, projector })), name).toBe('transcription');
    // One that hears may be talked to; one that is only named so, too; and letters inside of a word are no word.
    for (const name of ['Qwen2.5-Omni-3B', 'ultravox', 'Pulsasrix', 'Speechless-7B'])
      expect(purposeOf(manifest({ name, projector })), name).toBe('chat');
    expect(purposeOf(manifest({ name: 'Whisperer 3B' }))).toBe('chat');
  });
});

it('what is not made to be talked to is not offered for a chat', () => {
  const stored = [storedGguf('talker', 1), storedGguf('qwen3-embedding-0.6b-q8_0', 1), storedGguf('qwen3-asr', 1)];
  const [talker, embedder, listener] = stored;
  if (!talker || !embedder || !listener) throw new Error('three were made');
  const hears = { ...listener, manifest: { ...listener.manifest, projector } };
  expect(chatModels([talker, embedder, hears], new LoadSettingsBook()).map(({ id }) => id)).toEqual(['talker']);
});
