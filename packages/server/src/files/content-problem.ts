import { Problem } from '../domain/problem.ts';

/** 014652, with what is wrong. */
export const contentProblem = (detail: string): Problem =>
  new Problem('batchFileContent', { field: 'file', args: [detail] });

/** What a reader of bytes that are not ours throws is about the bytes; what the system says of the disk is not. */
export function asContentProblem(error: unknown, detail: string): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return error instanceof Problem || isOfSystem ? error : contentProblem(detail);
}
