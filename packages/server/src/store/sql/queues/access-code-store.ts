import { asId, type ProjectId } from '../../../domain/ids.ts';
import type { AccessCode } from '../../../domain/queue.ts';
import type { AccessCodeStore } from '../../../ports/store/queue-store.ts';
import { broadcastLetter } from '../nodes/letters.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

export function createAccessCodeStore({ read, write }: Runner, ctx: SqlContext): AccessCodeStore {
  return {
    replace: (code, { disconnects }) => write(() => replaceCode(ctx, code, disconnects)),
    find: (accessKey) => read(() => findCode(ctx, accessKey)),
  };
}

function* replaceCode({ db, node }: SqlContext, code: AccessCode, disconnects: boolean): Program<void> {
  const { projectId, type, accessKey } = code;
  const changing = { access_key: accessKey, code_hash: code.codeHash, created_at: code.createdAt };
  yield* change(
    db
      .insertInto('access_codes')
      .values({ project_id: projectId, type, ...changing })
      .onConflict((conflict) => conflict.columns(['project_id', 'type']).doUpdateSet(changing)),
  );
  if (!disconnects || node === undefined) return;
  yield* broadcastLetter(node, { kind: 'close-consumers', projectId, exceptKey: accessKey });
}

function* findCode({ db }: SqlContext, accessKey: string): Program<AccessCode | undefined> {
  const row = yield* first(db.selectFrom('access_codes').selectAll().where('access_key', '=', accessKey));
  if (row === undefined) return undefined;
  return {
    projectId: asId<ProjectId>(row.project_id),
    type: row.type,
    accessKey: row.access_key,
    codeHash: row.code_hash,
    createdAt: row.created_at,
  };
}
