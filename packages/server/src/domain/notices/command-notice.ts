import type { AsyncCommand } from '../async-command.ts';
import type { JsonObject } from '../json.ts';
import { present } from '../present.ts';
import { toBasicTime } from '../time.ts';
import { noticeOf, type NoticeDevice } from './device-notices.ts';

/** `device.command.status:update` (v5 15.5). */
export const commandStatusNotice = (device: NoticeDevice, command: AsyncCommand): JsonObject =>
  noticeOf(
    device,
    present({
      command_id: command.commandId,
      created_time: toBasicTime(command.createdAt),
      sent_time: shown(command.sentAt),
      delivered_time: shown(command.deliveredAt),
      response_time: shown(command.respondedAt),
      status: command.status,
      result: command.result,
    }),
  );

const shown = (at: number | undefined): string | undefined => (at === undefined ? undefined : toBasicTime(at));
