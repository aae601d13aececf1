export type { LegacyAnswerOf, LegacyBodyOf, LegacyOperation, LegacyQueryOf } from '@muster/contract/legacy';
export { createLegacyClient, type LegacyClient, type LegacyClientOptions } from './client.ts';
export type { LegacyApi, LegacyCallOptions, LegacyInput, LegacyItem, LegacyListOperation } from './legacy-api.ts';
export type { LegacyCredentials } from './sign-in.ts';
export type { WaitOptions } from './wait-until.ts';
