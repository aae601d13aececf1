import type { Static, TSchema } from 'typebox';
import type { legacyEndpointSchemas } from './endpoint-schemas.ts';

type Schemas = typeof legacyEndpointSchemas;

/** The name of a call in the endpoint table. */
export type LegacyOperation = keyof Schemas;

type PartOf<
  Operation extends LegacyOperation,
  Part extends 'query' | 'body' | 'response',
> = Schemas[Operation] extends {
  readonly [Name in Part]: infer S extends TSchema;
}
  ? Static<S>
  : undefined;

/** What a client may send as the query of a call; undefined: nothing. The application that a call is about is named beside it. */
export type LegacyQueryOf<Operation extends LegacyOperation> = PartOf<Operation, 'query'>;

/** What a client sends as the body of a call; undefined: nothing. */
export type LegacyBodyOf<Operation extends LegacyOperation> = PartOf<Operation, 'body'>;

/** What a call answers; undefined: nothing. */
export type LegacyAnswerOf<Operation extends LegacyOperation> = PartOf<Operation, 'response'>;
