import { Problem } from '../domain/problem.ts';
import { encodeWireError, wireErrorOf, wireErrorOfProblem } from './wire-error.ts';

/** An error as it leaves. */
export interface ErrorAnswer {
  readonly status: number;
  /** Media type and whatever else belongs to it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Which request an error is the answer to. */
export interface RefusedRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
}

/** How a family of addresses says what went wrong, whoever finds it: a route, a hook or the framework. */
export interface ErrorDialect {
  speaks(path: string): boolean;
  /** Undefined: a bug, not an expected failure; the problem `internalError` always has an answer. */
  answerTo(error: unknown, request: RefusedRequest): ErrorAnswer | undefined;
}

/** Of every address that no other dialect speaks at. */
export const v5Dialect: ErrorDialect = {
  speaks: () => true,
  answerTo: (error, { path }) => {
    const wire = wireErrorOf(error);
    if (wire === undefined) return undefined;
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { status: wire.status, headers, body: encodeWireError(wire, path) };
  },
};

const internal = new Problem('internalError');

/** The same, where it must be said somehow. */
export function answerAnyhow(dialect: ErrorDialect, error: unknown, request: RefusedRequest): ErrorAnswer {
  const answer = dialect.answerTo(error, request) ?? dialect.answerTo(internal, request);
  if (answer !== undefined) return answer;
  const wire = wireErrorOfProblem(internal);
  return { status: wire.status, headers: {}, body: encodeWireError(wire, request.path) };
}
