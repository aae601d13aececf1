import type { ProductModel } from '../../domain/product.ts';
import type { Expression, Selection } from '../../domain/rule-sql/expression.ts';
import type { Where } from '../../domain/search/where.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { Random } from '../../ports/random.ts';
import type { Dialect } from './dialect.ts';
import type { Program } from './program.ts';
import type { QueryBuilder } from './query-builder.ts';

/** What every program may use. */
export interface SqlContext {
  readonly db: QueryBuilder;
  readonly dialect: Dialect;
  readonly box: SecretBox;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
  /** The node that this process is; undefined: there are no others. */
  readonly node: string | undefined;
  /** Parsed product models by record id and revision, so that a chunk does not parse 500 KB again. */
  readonly models: Map<string, ProductModel>;
  /** Parsed rules of dynamic groups by their text. */
  readonly rules: Map<string, Where>;
  /** Parsed SELECT and WHERE parts of push rules by their text. */
  readonly selections: Map<string, Selection>;
  readonly conditions: Map<string, Expression>;
}

/** What a driver gives: each program is one transaction; `read` sees committed data only and must not change any. */
export interface Runner {
  read<Value>(program: () => Program<Value>): Promise<Value>;
  write<Value>(program: () => Program<Value>): Promise<Value>;
}
