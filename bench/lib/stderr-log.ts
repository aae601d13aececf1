import type { Log } from '../../packages/server/src/ports/log.ts';

/** What goes wrong in a bench's own process; standard output is its result's. */
export const stderrLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (fields, message) => process.stderr.write(`${message} ${String(fields['err'])}\n`),
  child: () => stderrLog,
};
