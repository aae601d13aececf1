import type { TaskNo } from './task.ts';

/** Which run of which subtask something belongs to. */
export interface RunRef {
  readonly taskNo: TaskNo;
  readonly seq: number;
  /** Counts from 1; a retry is a new attempt. */
  readonly attempt: number;
}

/**
 * A request id that carries its run: a version-8 UUID (RFC 9562) of 44 bits task number, 32 bits seq, 16 bits attempt and 30 bits mark.
 * So an answer finds its subtask on any node and after any restart, with nothing remembered (device 3.2 wants a UUID without `=`, `/`).
 * Knowing one is no right: the answer must come from the subtask's device.
 */
export function requestIdOf(ref: RunRef): string {
  const task = ref.taskNo.toString(16).padStart(11, '0');
  const seq = ref.seq.toString(16).padStart(8, '0');
  const attempt = ref.attempt.toString(16).padStart(4, '0');
  // 8-4-4-4-12: task fills the first group and three digits of the second; the version digit 8 and variant digit 8 are fixed.
  const head = `${task.slice(0, 8)}-${task.slice(8)}${mark[0]}-8${attempt.slice(0, 3)}`;
  return `${head}-8${attempt.slice(3)}${mark.slice(1, 3)}-${seq}${mark.slice(3)}`;
}

const mark = '5e7a0c3';

const shape = /^([0-9a-f]{8})-([0-9a-f]{3})5-8([0-9a-f]{3})-8([0-9a-f])e7-([0-9a-f]{8})a0c3$/;

/** The run that a request id names, or undefined where the id is not one of a task's. */
export function runOfRequestId(requestId: string): RunRef | undefined {
  const match = shape.exec(requestId);
  if (match === null) return undefined;
  const [, taskHigh = '', taskLow = '', attemptHigh = '', attemptLow = '', seq = ''] = match;
  return {
    taskNo: Number.parseInt(taskHigh + taskLow, 16),
    seq: Number.parseInt(seq, 16),
    attempt: Number.parseInt(attemptHigh + attemptLow, 16),
  };
}
