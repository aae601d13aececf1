import { commandCallBack } from '../../../domain/notices/command-call-back.ts';
import { insertPosts } from '../outbox/insert-posts.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { type CommandRow, commandOf } from './command-codec.ts';

/** Tells the callers of these commands in which status they are now, in the transaction that made it so (legacy 9.4). */
export function* callBack(ctx: SqlContext, commandIds: readonly string[]): Program<void> {
  if (commandIds.length === 0) return;
  const asked = ctx.dialect.rows(
    { command_id: 'text' },
    commandIds.map((id) => [id]),
  );
  const rows = yield* all<CommandRow & { readonly project_id: string }>({
    sql: `SELECT c.*, d.project_id FROM ${asked.from} ${ctx.dialect.orderedJoin} commands c ON c.command_id = r.command_id
      ${ctx.dialect.orderedJoin} devices d ON d.device_id = c.device_id ORDER BY c.record_id`,
    parameters: asked.parameters,
  });
  const posts = rows.flatMap((row) => {
    const command = commandOf(row);
    const body = commandCallBack(command);
    const url = command.request.callbackUrl;
    const { deviceId } = command;
    return body === undefined || url === undefined ? [] : [{ projectId: row.project_id, url, deviceId, body }];
  });
  if (posts.length === 0) return;
  yield* insertPosts(ctx, posts, Math.max(...rows.map(lastChangeOf)));
}

/** By the clock of whoever made the change. */
const lastChangeOf = ({ finished_at, delivered_at, sent_at, created_at }: CommandRow): number =>
  finished_at ?? delivered_at ?? sent_at ?? created_at;
