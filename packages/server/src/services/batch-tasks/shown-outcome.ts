import type { Cause } from '../../domain/problem.ts';
import type { Subtask } from '../../ports/store/subtask-store.ts';

export interface ShownOutcome {
  /** JSON text. */
  readonly output: string | undefined;
  readonly cause: Cause | undefined;
  /** There are secrets in the output. */
  readonly showsSecrets: boolean;
}

/**
 * What of a subtask's result is shown (v5 11.4, Detail; 13.7): secrets are for those who may see devices; the error while the subtask is
 * Fail or FailWaitRetry, the output while it is Success or Processing.
 */
export function shownOutcome(
  { state, output, secrets, cause }: Omit<Subtask, 'recordId' | 'target'>,
  maySeeSecrets: boolean,
): ShownOutcome {
  const failed = state === 'Fail' || state === 'FailWaitRetry';
  const succeeding = state === 'Success' || state === 'Processing';
  const isShown = succeeding && output !== undefined;
  return {
    output: isShown ? JSON.stringify(maySeeSecrets ? { ...output, ...secrets } : output) : undefined,
    cause: failed ? cause : undefined,
    showsSecrets: isShown && maySeeSecrets && secrets !== undefined,
  };
}
