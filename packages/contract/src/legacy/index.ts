export { createLegacyDecoder, createLegacyQueryDecoder } from './decode.ts';
export * from './device-groups.ts';
export * from './endpoint-schemas.ts';
export * from './endpoints.ts';
export * from './errors.ts';
export * from './packages.ts';
export * from './security.ts';
export * from './subscriptions.ts';
