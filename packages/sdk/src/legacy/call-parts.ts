import type { LegacyBodyOf, LegacyOperation, LegacyQueryOf } from '@muster/contract/legacy';
import type { ReadonlyDeep } from '../readonly-deep.ts';

/** What a method that only sends a body asks for. */
export type Body<Operation extends LegacyOperation> = ReadonlyDeep<LegacyBodyOf<Operation>>;

/** Of a call that has a query. */
export type Query<Operation extends LegacyOperation> = ReadonlyDeep<NonNullable<LegacyQueryOf<Operation>>>;
