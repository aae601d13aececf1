/** A page of a list in the manner of old clients: a number from 0, and a size (legacy 1.4). */
export interface LegacyPage {
  readonly pageNo: number;
  readonly pageSize: number;
}

/** Beyond the data a page is empty; no number is too large for that. */
export function offsetOf({ pageNo, pageSize }: LegacyPage): number {
  return Math.min(pageNo * pageSize, Number.MAX_SAFE_INTEGER);
}
