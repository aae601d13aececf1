import type { Cause } from '../../domain/problem.ts';

export type Severity = 'error' | 'warning';

export interface DryRunReason {
  readonly severity: Severity;
  /** Six digits; undefined: a reason that has no code. */
  readonly code: string | undefined;
  readonly message: string;
  readonly count: number;
  /** The first targets, at most 10. */
  readonly samples: readonly string[];
}

/** v5 11.6: what a task would meet. */
export interface DryRunReport {
  readonly taskType: string;
  readonly total: number;
  readonly valid: number;
  readonly invalid: number;
  readonly reasons: readonly DryRunReason[];
}

/** What was found about one target. A warning does not make it invalid. */
export interface Finding {
  readonly severity: Severity;
  readonly cause: Cause;
}

const samplesMax = 10;
/** More kinds of causes than any type has; a guard against sentences that differ from device to device. */
const reasonsMax = 100;
/** What does not fit is one reason of its own for each severity, and says that it is several. */
const otherReasons = 'Other reasons, more than can be told apart here.';

/** Counts findings in bounded memory, however many targets there are. */
export class ReportBuilder {
  readonly #reasons = new Map<
    string,
    { severity: Severity; code: string | undefined; message: string; count: number; samples: string[] }
  >();
  #total = 0;
  #invalid = 0;

  add(target: string, finding: Finding | undefined): void {
    this.#total++;
    if (finding === undefined) return;
    if (finding.severity === 'error') this.#invalid++;
    const reason = this.#reasonOf(finding);
    reason.count++;
    if (reason.samples.length < samplesMax) reason.samples.push(target);
  }

  report(taskType: string): DryRunReport {
    const reasons = [...this.#reasons.values()];
    return { taskType, total: this.#total, valid: this.#total - this.#invalid, invalid: this.#invalid, reasons };
  }

  #reasonOf({ severity, cause }: Finding) {
    const key = `${severity} ${cause.code} ${cause.message}`;
    const known = this.#reasons.get(key);
    if (known !== undefined) return known;
    const full = this.#reasons.size >= reasonsMax;
    return full
      ? this.#place(`${severity} other`, { severity, code: undefined, message: otherReasons })
      : this.#place(key, { severity, ...cause });
  }

  #place(key: string, reason: Pick<DryRunReason, 'severity' | 'code' | 'message'>) {
    const known = this.#reasons.get(key);
    if (known !== undefined) return known;
    const fresh = { ...reason, count: 0, samples: [] as string[] };
    this.#reasons.set(key, fresh);
    return fresh;
  }
}

/** A group filter that would fail the task: total 0 and one reason with its text. */
export function failedReport(taskType: string, reason: Pick<DryRunReason, 'code' | 'message'>): DryRunReport {
  return {
    taskType,
    total: 0,
    valid: 0,
    invalid: 0,
    reasons: [{ severity: 'error', ...reason, count: 0, samples: [] }],
  };
}
