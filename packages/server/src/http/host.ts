/** What the HTTP server takes from the process around it: the shapes of the ports Log, Clock and Random, as far as needed here. */
export interface HttpHost {
  readonly log: HttpLog;
  readonly clock: HttpClock;
  readonly random: { bytes(count: number): Uint8Array };
}

export interface HttpLog {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface HttpClock {
  /** ms since epoch. */
  now(): number;
  setTimer(delayMs: number, run: () => void): { cancel(): void };
}
