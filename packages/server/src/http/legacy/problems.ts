import { badInputCodes, type LegacyFamily, legacySubtaskErrors } from '@muster/contract/legacy';
import { withoutRow } from '../../domain/judge-row.ts';
import { type Cause, Problem } from '../../domain/problem.ts';
import { problemCatalogue, type ProblemName } from '../../domain/problem-catalogue.ts';
import { timeCauseOf } from '../../domain/time-cause.ts';
import { LegacyError } from './legacy-error.ts';

/** Which code of the legacy catalogue stands for a problem of the core; what is not named is bad input. */
export type LegacyCodes = Readonly<Partial<Record<ProblemName, string>>>;

/** Legacy 10.6 and 1.5: wherever they are met. Areas add their own. */
const codesEverywhere: LegacyCodes = {
  internalError: '50252',
  // The catalogue has no 503. What is limited is the work in hand: calls and failed logins are counted before, and refused by name.
  notReady: '50252',
  rateLimited: '50252',
  appNotFound: '100203',
  productNotFound: '600002',
  deviceNotFound: '100403',
  deviceOffline: '100428',
  deviceExists: '100426',
  deviceIdExists: '100426',
  deviceHasChildren: '100405',
  commandUndefined: '100431',
  commandCacheLimit: '100223',
  commandCanceled: '100435',
  unfinishedTaskLimit: '105001',
};

/** A problem as the legacy generation says it; undefined: it is none. */
export function legacyErrorOf(error: unknown, family: LegacyFamily, codes: LegacyCodes = {}): LegacyError | undefined {
  if (error instanceof LegacyError) return error;
  // Whether nothing is there or something that is asked in another way, the address says.
  if (!(error instanceof Problem) || error.problem === 'routeNotFound') return undefined;
  // The sentences of these two do no more than point to what follows them.
  if (error.problem === 'badRequest') return badInput(family, error.args.join(' '));
  if (error.problem === 'bodyTooLarge') return badInput(family, error.args.join(' '), 413);
  const code = codes[error.problem] ?? codesEverywhere[error.problem];
  if (code === undefined) return badInput(family, error.message);
  // What went wrong inside is nobody's business; what was wrong outside is said in the code's own words, with the field if there is one.
  return new LegacyError(code, error.field === undefined ? {} : { detail: detailOf(error) });
}

const detailOf = ({ named, message }: Problem): string => (named === undefined ? message : `'${named}': ${message}`);

/** Why a sub-task failed, as the legacy generation says it: the sentence is always the code's own (legacy 1.5). */
export interface LegacyCause extends Cause {
  readonly detail?: string;
}

/** Of a failed sub-task (legacy 10.6). */
export function legacyCauseOf(cause: Cause): LegacyCause {
  const time = timeCauseOf(cause.code);
  if (time !== undefined) return ownCause(time === 'timedOut' ? 105803 : 105804);
  if (cause.code === problemCatalogue.deviceReportedFailure.code) return { ...ownCause(105807), detail: cause.message };
  const code = byCoreCode.get(cause.code) ?? badInputCodes.iocm;
  const { message } = new LegacyError(code);
  // The number of a row in its sheet would be another than its `param.index`.
  return byCoreCode.has(cause.code) ? { code, message } : { code, message, detail: withoutRow(cause).message };
}

export const ownCause = (code: keyof typeof legacySubtaskErrors): Cause => ({
  ...{ code: String(code), message: legacySubtaskErrors[code] },
});

/** Problems that share a code mean the same here, too. */
const byCoreCode = new Map(
  Object.entries(codesEverywhere).map(([problem, code]) => [problemCatalogue[problem as ProblemName].code, code]),
);

/** Legacy 1.1. */
export function badInput(family: LegacyFamily, detail: string, status: 400 | 413 = 400): LegacyError {
  return new LegacyError(badInputCodes[family], { status, detail });
}
