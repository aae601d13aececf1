/** Code of a {@link MusterError} when no answer arrived at all. */
export const NETWORK_ERROR = 'NETWORK';

/** What a failed call tells. */
export interface MusterErrorDetails {
  /** `IOTDA.<number>`, in the legacy API `<number>`, as the server said it; `HTTP.<status>` for an answer that is not the server's; `NETWORK` without an answer. */
  readonly code: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** `X-Request-Id` of the answer, `''` without. */
  readonly requestId: string;
  readonly cause?: unknown;
}

/** The one error of this client; an aborted call throws the reason of its signal instead. */
export class MusterError extends Error {
  override readonly name = 'MusterError';
  readonly code: string;
  readonly status: number;
  readonly requestId: string;

  constructor(message: string, details: MusterErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.requestId = details.requestId;
  }
}

/** What lies beneath a failed call: Node's `fetch` says nothing but "fetch failed", and tries each address of a name. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error.message || error.name;
}

const textOf = (body: unknown, key: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Reflect.get(body, key);
  return typeof value === 'string' ? value : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, not the server's answer: the status alone tells what happened.
    return undefined;
  }
};

/** Legacy 1.5: always the same sentence for a code, and beside it what it is about. */
function legacyMessage(body: unknown): string | undefined {
  const [sentence, detail] = [textOf(body, 'error_desc'), textOf(body, 'error_detail')];
  return sentence === undefined || detail === undefined ? sentence : `${sentence} (${detail})`;
}

/** Reads the body of an answer that is not 2xx (v5 3, legacy 1.5) and makes the error of it. */
export async function errorOfResponse(response: Response): Promise<MusterError> {
  const body = parseJson(await response.text().catch(() => ''));
  const plain = `The server answered ${response.status} ${response.statusText}`.trim();
  const message = textOf(body, 'error_msg') ?? legacyMessage(body) ?? plain;
  return new MusterError(message, {
    code: textOf(body, 'error_code') ?? `HTTP.${response.status}`,
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? '',
  });
}
