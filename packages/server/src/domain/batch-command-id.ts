import { asId, type CommandId, type TaskId } from './ids.ts';
import type { RunRef } from './request-id.ts';
import { seqAboveMarker, subtaskRecordId } from './subtask-record.ts';

const shape = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})([0-9a-f]{8})$/;

/**
 * The id of the command that a run of a batch task sends, in the form of a UUID: the record id of its subtask and the attempt. So it is
 * known of every subtask, however long ago its command was forgotten, and leads back to it.
 */
export function batchCommandId(taskId: TaskId, { seq, attempt }: Pick<RunRef, 'seq' | 'attempt'>): CommandId {
  const digits = subtaskRecordId(taskId, seq) + attempt.toString(16).padStart(8, '0');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return asId<CommandId>(parts.join('-'));
}

/** The number of the subtask whose command it is; undefined: it is no command of this task. */
export function seqOfBatchCommand(taskId: TaskId, commandId: string): number | undefined {
  const digits = shape.exec(commandId)?.slice(1);
  if (digits === undefined) return undefined;
  const recordId = digits.slice(0, 5).join('');
  const seq = seqAboveMarker(taskId, asId(recordId)) - 1;
  return subtaskRecordId(taskId, seq) === recordId ? seq : undefined;
}
