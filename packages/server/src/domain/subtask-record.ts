import { asId, type RecordId, type TaskId } from './ids.ts';

const taskPart = 16;

/**
 * The 24-hex record id of a subtask: the first 16 digits of its task's id, then seq in 8 digits (invariant 3). It only orders and pages
 * the subtasks of one task, so any offset is a key lookup.
 */
export function subtaskRecordId(taskId: TaskId, seq: number): RecordId {
  return asId<RecordId>(taskId.slice(0, taskPart) + seq.toString(16).padStart(8, '0'));
}

/** The first seq above the marker: a page that ascends begins with it. */
export function seqAboveMarker(taskId: TaskId, marker: RecordId): number {
  const prefix = taskId.slice(0, taskPart);
  const markerPrefix = marker.slice(0, taskPart);
  if (markerPrefix > prefix) return 2 ** 32;
  return markerPrefix < prefix ? 0 : Number.parseInt(marker.slice(taskPart), 16) + 1;
}

/** The first seq that is NOT below the marker: a page takes the subtasks under it. */
export function seqBelowMarker(taskId: TaskId, marker: RecordId): number {
  const prefix = taskId.slice(0, taskPart);
  const markerPrefix = marker.slice(0, taskPart);
  if (markerPrefix > prefix) return 2 ** 32;
  return markerPrefix < prefix ? 0 : Number.parseInt(marker.slice(taskPart), 16);
}
