import type { MetaStore } from '../../../ports/store/meta-store.ts';
import { present } from '../columns.ts';
import { change, first } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

export function createMetaStore({ write }: Runner, { db }: SqlContext): MetaStore {
  return {
    claim: (key, value) =>
      write(function* () {
        yield* change(
          db
            .insertInto('meta')
            .values({ key, value })
            .onConflict((conflict) => conflict.column('key').doNothing()),
        );
        return present(yield* first(db.selectFrom('meta').select('value').where('key', '=', key))).value;
      }),
  };
}
