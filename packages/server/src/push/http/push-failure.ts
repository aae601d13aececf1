/** Why a receiver did not take a notification, in one word: what a test push answers. */
export type FailureKind = 'status' | 'timeout' | 'address' | 'name' | 'certificate' | 'connection';

/**
 * A failed post as its project may hear of it: which kind, and a sentence. What the system said stays in `cause`, for the operator: it
 * names addresses that are nobody else's business.
 */
export class PushFailure extends Error {
  override readonly name = 'PushFailure';
  readonly kind: FailureKind;
  /** That the receiver answered. */
  readonly status: number | undefined;

  constructor(kind: FailureKind, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
  }
}

/** What `isAllowed` says no to. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';

  constructor(host: string) {
    super(`${host} is a private address, which MUSTER_PUSH_ALLOW_PRIVATE does not name.`);
  }
}

export const answered = (status: number): PushFailure =>
  new PushFailure('status', `The receiver answered ${status}.`, { status });

export const tooLate = (timeoutMs: number, cause: unknown): PushFailure =>
  new PushFailure('timeout', `The receiver did not answer within ${timeoutMs} ms.`, { cause });

const nameCodes = ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'];
const certificateCode =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERROR_IN_C)/;

/** Whatever a post was rejected with. */
export function failureOf(error: unknown): PushFailure {
  if (error instanceof PushFailure) return error;
  const options = { cause: error };
  if (error instanceof RefusedAddress) {
    return new PushFailure(
      'address',
      'The receiver has a private address, which the operator does not allow.',
      options,
    );
  }
  const code = codeOf(error);
  if (nameCodes.includes(code)) return new PushFailure('name', 'The name of the receiver is unknown.', options);
  if (certificateCode.test(code)) {
    return new PushFailure('certificate', `The certificate of the receiver is not trusted: ${code}.`, options);
  }
  return new PushFailure('connection', `The connection to the receiver failed: ${code}.`, options);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no code';
}
