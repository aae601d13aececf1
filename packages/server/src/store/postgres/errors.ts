/** SQLSTATE of a server's error, or the system's code of a failed connection. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The server went away, is not there yet, is being stopped, or is no primary (any more). */
const lossCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['08000', '08001', '08003', '08004', '08006', '08P01', '53300'],
  ...['57P01', '57P02', '57P03', '57P05', '25P03', '25006'],
]);

/** What the client library says, without a code, when a connection ends under it. */
const lossMessage =
  /connection (terminated|ended|error)|client (was closed|has encountered a connection error)|timeout/i;

export class NoPrimary extends Error {
  constructor() {
    super('The database server is a standby.');
  }
}

/** The connection is of no more use; whether what was asked for has happened is another question. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof NoPrimary) return true;
  const code = codeOf(error);
  if (code !== undefined) return lossCodes.has(code);
  return error instanceof Error && lossMessage.test(error.message);
}

/**
 * Another transaction came in between: serialization failure, deadlock, or a row that appeared (unique, foreign key) after the program
 * had looked. Run again it sees that row and can say what is wrong, if it still is. A statement that somebody cancelled is run again, too.
 */
const raceCodes: ReadonlySet<string> = new Set(['40001', '40P01', '23505', '23503', '55P03', '57014']);

export function isRace(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && raceCodes.has(code);
}

/** A pooler handed the transaction to a server connection that has not prepared this statement. */
const unpreparedCodes: ReadonlySet<string> = new Set(['26000', '42P05']);

export function isUnprepared(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && unpreparedCodes.has(code);
}
