import type { SecretBox } from '../../ports/secret-box.ts';
import type { Random } from '../../ports/random.ts';
import type { Program } from './program.ts';
import type { QueryBuilder } from './query-builder.ts';

/** What every program may use. */
export interface SqlContext {
  readonly db: QueryBuilder;
  readonly box: SecretBox;
  readonly random: Random;
}

/** What a driver gives: each program is one transaction; `read` sees committed data only and must not change any. */
export interface Runner {
  read<Value>(program: () => Program<Value>): Promise<Value>;
  write<Value>(program: () => Program<Value>): Promise<Value>;
}
