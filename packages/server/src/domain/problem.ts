import { type CatalogueEntry, type ProblemName, problemCatalogue } from './problem-catalogue.ts';

export interface ProblemOptions {
  /** Canonical path of the field that named the thing, e.g. `targets[3]`; absent when the URL named it. */
  readonly field?: string;
  /** Which of the things that the field names is meant, in the client's words. */
  readonly named?: string;
  /** What fills the `…` of the sentence, in order. */
  readonly args?: readonly (string | number)[];
}

/** An expected failure that a caller is told about. Everything else that is thrown is a bug and answers 500. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly field: string | undefined;
  readonly named: string | undefined;
  readonly args: readonly (string | number)[];

  constructor(problem: ProblemName, { field, named, args = [] }: ProblemOptions = {}) {
    super(sentenceOf(problem, args));
    this.problem = problem;
    this.field = field;
    this.named = named;
    this.args = args;
  }

  /** Six digits; the v5 wire writes `IOTDA.` in front. */
  get code(): string {
    return entryOf(this.problem).code;
  }

  /** v5 1, References: what the URL names is 404 when missing, what a body or query names is 400. */
  get status(): number {
    const { status } = entryOf(this.problem);
    return status === 404 && this.field !== undefined ? 400 : status;
  }
}

/** The cause of a failed subtask, as stored: six-digit code and sentence. */
export interface Cause {
  readonly code: string;
  readonly message: string;
}

export function causeOf(problem: ProblemName, ...args: (string | number)[]): Cause {
  return { code: entryOf(problem).code, message: sentenceOf(problem, args) };
}

/** Of one that was met where nobody waits for an answer. */
export const causeOfProblem = ({ code, message }: Problem): Cause => ({ code, message });

export function invalid(field: string, reason: string): Problem {
  return new Problem('invalidInput', { field, args: [`${field}: ${reason}`] });
}

function entryOf(problem: ProblemName): CatalogueEntry {
  return problemCatalogue[problem];
}

function sentenceOf(problem: ProblemName, args: readonly (string | number)[] = []): string {
  let next = 0;
  return entryOf(problem)
    .sentence.replace(/…/g, () => String(args[next++] ?? ''))
    .trimEnd();
}
