import type { ProgressReport } from '../device-event.ts';
import { type Cause, causeOf } from '../problem.ts';
import { failureText, upgradeResultTexts } from './result-codes.ts';

export type ProgressJudgement =
  | { readonly kind: 'failed'; readonly cause: Cause }
  | { readonly kind: 'going-on'; readonly progress: number }
  | { readonly kind: 'succeeded' }
  /** Still the old version: the device may be about to install; a failure only after the grace time. */
  | { readonly kind: 'suspicious' };

/** Device 7.4: first match decides. `reported`: the version that this device last gave in a version report. */
export function judgeProgress(
  report: ProgressReport,
  versions: { readonly target: string; readonly reported: string | undefined },
): ProgressJudgement {
  const { resultCode, progress, version, description } = report;
  if (resultCode !== 0) return { kind: 'failed', cause: causeOfCode(resultCode, description) };
  if (progress !== undefined && (progress < 0 || progress > 100)) {
    return { kind: 'failed', cause: causeOf('upgradeInvalidProgress', progress) };
  }
  if (progress !== undefined && progress < 100) return { kind: 'going-on', progress };
  if (version === versions.target) return { kind: 'succeeded' };
  if (version !== undefined && version === versions.reported) return { kind: 'suspicious' };
  return { kind: 'failed', cause: causeOf('upgradeVersionMismatch') };
}

function causeOfCode(resultCode: number, description: string | undefined): Cause {
  return resultCode in upgradeResultTexts
    ? causeOf('upgradeDeviceFailure', failureText(resultCode, description))
    : causeOf('upgradeInvalidResultCode', resultCode);
}
