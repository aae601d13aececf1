import { asId, type RecordId, type TaskId } from './ids.ts';

const prefixLength = 16;

/**
 * What the record ids of a task's subtasks begin with: its second, then the two halves of what is behind, folded. Process and counter are
 * in different halves (real-random.ts), so tasks of one process and second have different prefixes, as all others have.
 */
function prefixOf(taskId: TaskId): string {
  const folded = Number.parseInt(taskId.slice(8, 16), 16) ^ Number.parseInt(taskId.slice(16), 16);
  return taskId.slice(0, 8) + (folded >>> 0).toString(16).padStart(8, '0');
}

/** The 24-hex record id of a subtask: 16 digits of its task, then seq in 8 (invariant 3). So any offset of a list is a key lookup. */
export function subtaskRecordId(taskId: TaskId, seq: number): RecordId {
  return asId<RecordId>(prefixOf(taskId) + seq.toString(16).padStart(8, '0'));
}

/** The first seq above the marker: a page that ascends begins with it. */
export function seqAboveMarker(taskId: TaskId, marker: RecordId): number {
  const prefix = prefixOf(taskId);
  const markerPrefix = marker.slice(0, prefixLength);
  if (markerPrefix > prefix) return 2 ** 32;
  return markerPrefix < prefix ? 0 : Number.parseInt(marker.slice(prefixLength), 16) + 1;
}

/** The first seq that is NOT below the marker: a page takes the subtasks under it. */
export function seqBelowMarker(taskId: TaskId, marker: RecordId): number {
  const prefix = prefixOf(taskId);
  const markerPrefix = marker.slice(0, prefixLength);
  if (markerPrefix > prefix) return 2 ** 32;
  return markerPrefix < prefix ? 0 : Number.parseInt(marker.slice(prefixLength), 16);
}
