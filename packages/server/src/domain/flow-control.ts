/**
 * One limit's meter, the whole state of a token bucket in one number: what was let through has used the limit up until `spentUntilUs`
 * (µs since epoch), each notification a `perSecond`-th of a second of it.
 */
export interface Meter {
  readonly perSecond: number;
  readonly spentUntilUs: number;
}

/**
 * After a pause so much of the limit may go at once. Below 20 in a second each goes in its own time; above it a tenth of a second's, so
 * that a look every twentieth keeps up the full rate.
 */
const burstMsOf = (perSecond: number): number => (perSecond < 20 ? 0 : 100);

/** How many may go now. */
export function grantable({ perSecond, spentUntilUs }: Meter, nowMs: number, burstMs = burstMsOf(perSecond)): number {
  const roomUs = (nowMs + burstMs) * 1000 - Math.max(spentUntilUs, nowMs * 1000);
  return roomUs < 0 ? 0 : Math.floor((roomUs * perSecond) / 1_000_000) + 1;
}

/** The meter once `count` more have gone. */
export function spend<M extends Meter>(meter: M, nowMs: number, count: number): M {
  if (count === 0) return meter;
  const startUs = Math.max(meter.spentUntilUs, nowMs * 1000);
  return { ...meter, spentUntilUs: Math.round(startUs + (count * 1_000_000) / meter.perSecond) };
}

/** When the next one may go, ms since epoch. */
export const nextGrantAt = ({ perSecond, spentUntilUs }: Meter): number =>
  Math.ceil(spentUntilUs / 1000) - burstMsOf(perSecond);
