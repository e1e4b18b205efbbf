import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import guideFile from '../../src/models/shelf/guide-file.json';

it('the Guide that is committed is the one the app accepts (else run tools/guide-model/register.mjs)', () => {
  const file = readFileSync(resolve(__dirname, '../../public', guideFile.path));
  expect(file.length).toBe(guideFile.bytes);
  expect(createHash('sha256').update(file).digest('hex')).toBe(guideFile.sha256);
  expect(file.length).toBeLessThanOrEqual(8e6);
});
