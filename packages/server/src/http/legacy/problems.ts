import { badInputCodes, type LegacyFamily, legacySubtaskErrors } from '@muster/contract/legacy';
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
  return new LegacyError(code, error.field === undefined ? {} : { detail: error.message });
}

/** Of a failed sub-task (legacy 10.6). */
export function legacyCauseOf({ code, message }: Cause): Cause {
  const time = timeCauseOf(code);
  if (time === 'timedOut') return { code: '105803', message: legacySubtaskErrors[105803] };
  if (time === 'expired') return { code: '105804', message: legacySubtaskErrors[105804] };
  if (code === problemCatalogue.deviceReportedFailure.code) {
    return { code: '105807', message: `${legacySubtaskErrors[105807]} ${message}` };
  }
  const legacyCode = byCoreCode.get(code);
  if (legacyCode === undefined) return { code: badInputCodes.iocm, message };
  return { code: legacyCode, message: new LegacyError(legacyCode).message };
}

/** Problems that share a code mean the same here, too. */
const byCoreCode = new Map(
  Object.entries(codesEverywhere).map(([problem, code]) => [problemCatalogue[problem as ProblemName].code, code]),
);

/** Legacy 1.1. */
export function badInput(family: LegacyFamily, detail: string, status: 400 | 413 = 400): LegacyError {
  return new LegacyError(badInputCodes[family], { status, detail });
}
