import { legacyFamilyOf } from '@muster/contract/legacy';
import { Problem } from '../../domain/problem.ts';
import { downloadPrefix } from '../download/download-target.ts';
import type { ErrorAnswer, ErrorDialect } from '../error-dialect.ts';
import { encodeLegacyError, LegacyError } from './legacy-error.ts';
import { allowedMethods } from './places.ts';
import { legacyErrorOf } from './problems.ts';

/** Legacy 1.3 and 1.5: how the addresses under `/iocm` and `/iodm` say what went wrong. */
export const legacyDialect: ErrorDialect = {
  // Devices download packages under one of them, and know nothing of this.
  speaks: (path) => legacyFamilyOf(path) !== undefined && !path.startsWith(downloadPrefix),
  answerTo: (error, { method, path }) => {
    const family = legacyFamilyOf(path) ?? 'iocm';
    if (isNoRoute(error)) return answerOf(asPlaceSays(method, path));
    const known = legacyErrorOf(error, family);
    return known && answerOf(known);
  },
};

export const legacyJson = 'application/json';

function answerOf(error: LegacyError): ErrorAnswer {
  const headers = { 'content-type': legacyJson, ...error.headers };
  return { status: error.status, headers, body: encodeLegacyError(error) };
}

/** Nothing is there, or something that is asked in another way. */
function asPlaceSays(method: string, path: string): LegacyError {
  const methods = allowedMethods(path);
  if (methods.length === 0 || methods.includes(method)) return new LegacyError('101001', { status: 404 });
  return new LegacyError('101001', { status: 405, headers: { allow: methods.join(', ') } });
}

/** What the framework refuses before any route runs is an address that cannot be read, and so does not exist. */
function isNoRoute(error: unknown): boolean {
  if (error instanceof Problem) return error.problem === 'routeNotFound';
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return false;
  const { statusCode, code } = error;
  const isOfFramework = typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number';
  return isOfFramework && statusCode >= 400 && statusCode < 500;
}
