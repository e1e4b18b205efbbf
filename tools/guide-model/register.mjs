// Tells the app which file is the Guide: writes size and SHA-256 of public/models/guide.gguf to src/models/shelf/guide-file.json.
// The weights worker accepts no other bytes.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = 'models/guide.gguf';
const file = readFileSync(`${root}public/${path}`);
const sha256 = createHash('sha256').update(file).digest('hex');
writeFileSync(
  `${root}src/models/shelf/guide-file.json`,
  `${JSON.stringify({ path, bytes: file.length, sha256 }, null, 2)}\n`,
);
console.log(`${path}: ${file.length} bytes, ${sha256}`);
