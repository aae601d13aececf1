export type { OpenApiDocument, Operation } from './document.ts';
export { createLegacyDocument } from './legacy-document.ts';
export { createV5Document } from './v5-document.ts';
