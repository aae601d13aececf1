import type { Effect } from '../../domain/effect.ts';
import { type Cause, causeOf } from '../../domain/problem.ts';
import { type Run, isReachable } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext, TaskType } from '../../ports/task-type.ts';
import type { Finding } from './dry-run-report.ts';

/** v5 11.6: what may pass until the task's turn is only worth a warning. */
const passing: ReadonlySet<string> = new Set([causeOf('deviceOffline').code, causeOf('upgradeConflict').code]);

export interface JudgedTarget {
  readonly finding: Finding | undefined;
  /** What would be done to stored things. */
  readonly effects: readonly Effect[];
}

/**
 * What the type would do with these runs now. Types decide without writing, so a dry run simply asks them and applies nothing.
 * What only an effect can meet is for the outlook of new and deleted devices; the rest (a message id that the device has already) does not
 * show.
 */
export function judgeTargets(type: TaskType, runs: readonly Run[], ctx: TaskContext): readonly JudgedTarget[] {
  const verdicts = type.start(runs, ctx);
  return runs.map((run, index) => {
    const verdict = verdicts[index];
    return { finding: findingOf(run, verdict), effects: verdict?.effects ?? [] };
  });
}

function findingOf(run: Run, verdict: Verdict | undefined): Finding | undefined {
  if (verdict === undefined) return undefined;
  switch (verdict.kind) {
    case 'failed':
      return { severity: passing.has(verdict.cause.code) ? 'warning' : 'error', cause: verdict.cause };
    case 'queued':
      return warning(causeOf('upgradeConflict'));
    case 'waiting':
      // It would wait for a device that is not there; what is done at once needs no device.
      return run.device !== undefined && !isReachable(run.device) ? warning(causeOf('deviceOffline')) : undefined;
    case 'removed':
      return { severity: 'error', cause: causeOf('deviceNotFound') };
    case 'done':
    case 'later':
    case 'unchanged':
      return undefined;
  }
}

const warning = (cause: Cause): Finding => ({ severity: 'warning', cause });
