import { changeEach } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** A device that reports for ever must not fill the disk: what comes after this many entries of a subtask is not kept. */
const historyMax = 200;

export const recordHistory: EffectProgram<'recordHistory'> = function* (_ctx, _projectId, effects) {
  yield* changeEach(
    `INSERT INTO subtask_history (task_no, seq, no, at, kind, body)
     SELECT ?1, ?2, n, ?3, ?4, ?5 FROM (SELECT coalesce(max(no), 0) + 1 AS n FROM subtask_history WHERE task_no = ?1 AND seq = ?2)
     WHERE n <= ${historyMax}`,
    effects.map(({ entry }) => [entry.taskNo, entry.seq, entry.at, entry.kind, JSON.stringify(entry.body)]),
  );
  return {};
};
