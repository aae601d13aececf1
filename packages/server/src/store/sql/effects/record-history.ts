import { insertRows } from '../insert-rows.ts';
import { all } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** A device that reports for ever must not fill the disk: what comes after this many entries of a subtask is not kept. */
const historyMax = 200;

export const recordHistory: EffectProgram<'recordHistory'> = function* (ctx, _projectId, effects) {
  const keys = new Map(effects.map(({ entry }) => [keyOf(entry.taskNo, entry.seq), [entry.taskNo, entry.seq]]));
  const asked = ctx.dialect.rows({ task_no: 'int', seq: 'int' }, [...keys.values()]);
  const counted = yield* all<{ task_no: number; seq: number; last: number }>({
    sql: `SELECT r.task_no, r.seq, (SELECT coalesce(max(no), 0) FROM subtask_history h
        WHERE h.task_no = r.task_no AND h.seq = r.seq) AS last FROM ${asked.from}`,
    parameters: asked.parameters,
  });
  const last = new Map(counted.map((row) => [keyOf(row.task_no, row.seq), row.last]));
  const rows = effects.flatMap(({ entry }) => {
    const key = keyOf(entry.taskNo, entry.seq);
    const no = (last.get(key) ?? 0) + 1;
    last.set(key, no);
    return no > historyMax ? [] : [[entry.taskNo, entry.seq, no, entry.at, entry.kind, JSON.stringify(entry.body)]];
  });
  yield* insertRows(ctx, {
    into: 'subtask_history',
    columns: { task_no: 'int', seq: 'int', no: 'int', at: 'int', kind: 'text', body: 'text' },
    rows,
  });
  return {};
};

const keyOf = (taskNo: number, seq: number): string => `${taskNo}/${seq}`;
