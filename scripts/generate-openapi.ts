import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApiFiles } from './lib/openapi-files.ts';

/** `node scripts/generate-openapi.ts`: writes the OpenAPI documents anew; a test compares what is committed. */
for (const { path, text } of openApiFiles()) {
  const file = join(import.meta.dirname, '..', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
