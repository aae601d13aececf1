import { Problem } from '../domain/problem.ts';

/** 014652, with what is wrong. */
export const contentProblem = (detail: string): Problem =>
  new Problem('batchFileContent', { field: 'file', args: [detail] });

/** What a reader of bytes that are not ours throws is about the bytes. */
export function asContentProblem(error: unknown, detail: string): unknown {
  return error instanceof Problem ? error : contentProblem(detail);
}
