export { createDecoder, createQueryDecoder } from './decode.ts';
export type { DecodeResult, Decoder } from './decode.ts';
export type { DecodeError } from './decode-error.ts';
export { isObject, schemaNode } from './schema.ts';
export type { Decoded, SchemaNode } from './schema.ts';
