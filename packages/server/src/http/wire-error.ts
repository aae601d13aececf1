import { STATUS_CODES } from 'node:http';
import type { DecodeError } from '@muster/contract';
import { errorCodes } from '@muster/contract/v5';
import { Problem } from '../domain/problem.ts';

/** An error as it leaves: HTTP status, six-digit code, sentence. */
export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A body or query that its schema refuses; carries the first violation's own code (v5 1: bad limit -> 000017). */
export class DecodeProblem extends Error {
  override readonly name = 'DecodeProblem';
  readonly wire: WireError;

  constructor(error: DecodeError) {
    const wire = wireOfDecodeError(error);
    super(wire.message);
    this.wire = wire;
  }
}

function wireOfDecodeError({ code = '000006', path, message }: DecodeError): WireError {
  const sentence = errorCodes.find((entry) => entry.code === code)?.message ?? '…';
  // 000018 serves marker and offset: its blank is the name; every other blank is filled with the whole sentence.
  const filled = code === '000018' ? sentence.replace('…', path) : fill(sentence, message);
  return { status: 400, code, message: filled };
}

function fill(sentence: string, detail: string): string {
  const blanks = sentence.split('…').length - 1;
  if (blanks === 0) return sentence;
  return blanks === 1 ? sentence.replace('…', () => detail) : `Invalid input. ${detail}`;
}

/** Undefined: a bug, not an expected failure. */
export function wireErrorOf(error: unknown): WireError | undefined {
  if (error instanceof DecodeProblem) return error.wire;
  if (error instanceof Problem) return { status: error.status, code: error.code, message: error.message };
  return wireOfFrameworkError(error);
}

export function wireErrorOfProblem(problem: Problem): WireError {
  return { status: problem.status, code: problem.code, message: problem.message };
}

// What the HTTP framework refuses before any route of ours runs: always the client's fault, always 000008 (v5 3).
function wireOfFrameworkError(error: unknown): WireError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined;
  const { statusCode, code } = error;
  if (typeof code !== 'string' || !code.startsWith('FST_') || typeof statusCode !== 'number') return undefined;
  if (statusCode < 400 || statusCode > 499) return undefined;
  if (statusCode === 413) return wireErrorOfProblem(new Problem('bodyTooLarge', { args: ['The body is too large.'] }));
  return wireErrorOfProblem(new Problem('badRequest', { args: [`${error.message}.`.replace('..', '.')] }));
}

/** v5 3, and v5 2.1 for `/v3`: the same in the spelling of IAM beside it. */
export function encodeWireError({ status, code, message }: WireError, path: string): Record<string, unknown> {
  const plain = { error_code: `IOTDA.${code}`, error_msg: message };
  if (!/^\/v3(?:\/|$)/.test(path)) return plain;
  return { ...plain, error: { code: status, message, title: STATUS_CODES[status] ?? 'Error' } };
}
