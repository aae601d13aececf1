import { badInputCodes, type LegacyFamily } from '@muster/contract/legacy';
import { Problem } from '../../domain/problem.ts';
import type { ProblemName } from '../../domain/problem-catalogue.ts';
import { LegacyError } from './legacy-error.ts';

/** Which code of the legacy catalogue stands for a problem of the core; what is not named is bad input. */
export type LegacyCodes = Readonly<Partial<Record<ProblemName, string>>>;

/** Legacy 10.6 and 1.5: wherever they are met. Areas add their own. */
const codesEverywhere: LegacyCodes = {
  internalError: '50252',
  // The catalogue has no 503.
  notReady: '50252',
  rateLimited: '1010009',
  appNotFound: '100203',
  productNotFound: '600002',
  deviceNotFound: '100403',
  deviceOffline: '100428',
  deviceExists: '100426',
  deviceIdExists: '100426',
  deviceHasChildren: '100405',
  commandUndefined: '100431',
  commandCacheLimit: '100223',
  unfinishedTaskLimit: '105001',
};

/** A problem as the legacy generation says it; undefined: it is none. */
export function legacyErrorOf(error: unknown, family: LegacyFamily, codes: LegacyCodes = {}): LegacyError | undefined {
  if (error instanceof LegacyError) return error;
  // Whether nothing is there or something that is asked in another way, the address says.
  if (!(error instanceof Problem) || error.problem === 'routeNotFound') return undefined;
  if (error.problem === 'bodyTooLarge') return badInput(family, error.message, 413);
  const code = codes[error.problem] ?? codesEverywhere[error.problem];
  if (code === undefined) return badInput(family, error.message);
  // What went wrong inside is nobody's business; what was wrong outside is said in the code's own words, with the field if there is one.
  return new LegacyError(code, error.field === undefined ? {} : { detail: error.message });
}

/** Legacy 1.1. */
export function badInput(family: LegacyFamily, detail: string, status: 400 | 413 = 400): LegacyError {
  return new LegacyError(badInputCodes[family], { status, detail });
}
