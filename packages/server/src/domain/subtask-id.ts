import type { RunRef } from './request-id.ts';

/** 24 lower hex, of task and place alone: nothing is stored for it, and whoever has it has the key of the row (design 4, invariant 3). */
export function subtaskIdOf({ taskNo, seq }: Pick<RunRef, 'taskNo' | 'seq'>): string {
  return `${hex(taskNo)}${hex(seq)}`;
}

const hex = (value: number): string => value.toString(16).padStart(12, '0');
