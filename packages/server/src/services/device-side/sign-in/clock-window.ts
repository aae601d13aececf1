const hourMs = 3_600_000;

export interface ClockWindow {
  /** YYYYMMDDHH, UTC; an hour above 23 means the next day (device 1.3). */
  readonly timestamp: string;
  readonly nowMs: number;
  readonly toleranceHours: number;
}

/** Sign type 1: the timestamp's hour lies within the tolerance of the server's UTC hour. */
export function isWithinClockWindow(window: ClockWindow): boolean {
  const { timestamp, nowMs, toleranceHours } = window;
  const part = (start: number, end: number): number => Number(timestamp.slice(start, end));
  // Date.UTC rolls hours above 23 over into the next day by itself.
  const deviceHour = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10)) / hourMs;
  return Math.abs(deviceHour - Math.floor(nowMs / hourMs)) <= toleranceHours;
}
