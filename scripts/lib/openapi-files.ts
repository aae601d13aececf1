import {
  createLegacyDocument,
  createV5Document,
  type OpenApiDocument,
} from '../../packages/contract/src/openapi/index.ts';

/** The OpenAPI documents as they stand in the repository, by path from its root. */
export function openApiFiles(): readonly { readonly path: string; readonly text: string }[] {
  const textOf = (document: OpenApiDocument): string => `${JSON.stringify(document, undefined, 2)}\n`;
  return [
    { path: 'docs/openapi/v5.json', text: textOf(createV5Document()) },
    { path: 'docs/openapi/legacy.json', text: textOf(createLegacyDocument()) },
  ];
}
