import { legacyErrorCodes } from '@muster/contract/legacy';

export interface LegacyErrorOptions {
  /** Absent: the only status that its code may come with. */
  readonly status?: number;
  /** Extension `error_detail`: the field or the cause. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An expected failure under the code of the legacy catalogue (legacy 12). */
export class LegacyError extends Error {
  override readonly name = 'LegacyError';
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, { status, detail, headers = {} }: LegacyErrorOptions = {}) {
    const entry = legacyErrorCodes.find((candidate) => candidate.code === code);
    if (entry === undefined) throw new Error(`The legacy catalogue has no code ${code}.`);
    super(entry.sentence);
    this.code = code;
    this.status = status ?? entry.statuses[0] ?? 500;
    this.detail = detail;
    this.headers = headers;
  }
}

/** Legacy 1.5: the original's gateway spelled these differently, and clients look for either. */
const fromGateway: ReadonlySet<string> = new Set(['1010005', '1010009']);

export function encodeLegacyError({ code, message, detail }: LegacyError): Readonly<Record<string, string>> {
  return {
    error_code: code,
    error_desc: message,
    ...(fromGateway.has(code) && { resultcode: code, resultmsg: message }),
    ...(detail !== undefined && { error_detail: detail }),
  };
}
