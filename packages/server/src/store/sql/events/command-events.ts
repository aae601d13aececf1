import { commandStatusNotice } from '../../../domain/notices/command-notice.ts';
import { callBack } from '../commands/call-back.ts';
import { commandOf } from '../commands/command-codec.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { eventDevices, occurrenceOf, projectsOf } from './device-events.ts';
import { publish } from './publish.ts';

export interface ChangedCommand {
  readonly device_id: string;
  readonly command_id: string;
  readonly calls_back: 0 | 1;
}

/** `device.command.status:update` of commands whose status has just changed (device 6.2), and whoever else wants to hear of them. */
export function* publishCommandStatuses(
  ctx: SqlContext,
  changed: readonly ChangedCommand[],
  projectId?: string,
): Program<void> {
  if (changed.length === 0) return;
  yield* callBack(
    ctx,
    changed.filter(({ calls_back }) => calls_back === 1).map(({ command_id }) => command_id),
  );
  const events = changed.map((row) => ({ deviceId: row.device_id }));
  const projectIds = projectId === undefined ? yield* projectsOf(ctx, events) : [projectId];
  yield* publish(ctx, { subject: 'device.command.status:update', projectIds }, function* () {
    const devices = yield* eventDevices(ctx, events);
    const ids = changed.map((row) => row.command_id);
    const rows = yield* all(
      ctx.db.selectFrom('commands').selectAll().where(ctx.dialect.isOneOf('command_id', ids)).orderBy('record_id'),
    );
    return rows.flatMap((row) => {
      const found = devices.get(row.device_id);
      if (found === undefined) return [];
      const command = commandOf(row);
      const about = { kind: 'command', command } as const;
      return [{ ...occurrenceOf(found, commandStatusNotice(found.device, command)), about }];
    });
  });
}
