import type { ProgressReport } from '../device-event.ts';
import { type Cause, causeOf } from '../problem.ts';
import { failureText, type UpgradeSubject } from './result-codes.ts';

export type ProgressJudgement =
  | { readonly kind: 'failed'; readonly cause: Cause }
  | { readonly kind: 'going-on'; readonly progress: number }
  | { readonly kind: 'succeeded' }
  /** Still the old version: the device may be about to install; a failure only after the grace time. */
  | { readonly kind: 'suspicious' };

/** Device 7.4: first match decides. `reported`: the version that this device last gave in a version report. */
export function judgeProgress(
  report: ProgressReport,
  upgrade: { readonly subject: UpgradeSubject; readonly target: string; readonly reported: string | undefined },
): ProgressJudgement {
  const { resultCode, progress, version } = report;
  if (resultCode !== 0) return { kind: 'failed', cause: causeOfCode(report, upgrade.subject) };
  if (progress !== undefined && (progress < 0 || progress > 100)) {
    return { kind: 'failed', cause: causeOf('upgradeInvalidProgress', progress) };
  }
  if (progress !== undefined && progress < 100) return { kind: 'going-on', progress };
  if (version === upgrade.target) return { kind: 'succeeded' };
  if (version !== undefined && version === upgrade.reported) return { kind: 'suspicious' };
  return { kind: 'failed', cause: causeOf('upgradeVersionMismatch') };
}

function causeOfCode({ resultCode, description }: ProgressReport, subject: UpgradeSubject): Cause {
  const text = failureText(resultCode, { subject, description });
  return text === undefined ? causeOf('upgradeInvalidResultCode', resultCode) : causeOf('upgradeDeviceFailure', text);
}
