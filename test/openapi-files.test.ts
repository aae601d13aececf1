import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openApiFiles } from '../scripts/lib/openapi-files.ts';

it('the committed OpenAPI documents are those of the endpoint tables and schemas', () => {
  for (const { path, text } of openApiFiles()) {
    // `node scripts/generate-openapi.ts` writes them anew.
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text);
  }
});
