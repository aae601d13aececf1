export type { OpenApiDocument, Operation } from './document.ts';
export { createV5Document } from './v5-document.ts';
