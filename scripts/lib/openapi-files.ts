import { createV5Document } from '../../packages/contract/src/openapi/index.ts';

/** The OpenAPI documents as they stand in the repository, by path from its root. */
export function openApiFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [{ path: 'docs/openapi/v5.json', text: `${JSON.stringify(createV5Document(), undefined, 2)}\n` }];
}
