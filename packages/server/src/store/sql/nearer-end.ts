/** A part of a list, in its order. */
export interface Place {
  readonly limit: number;
  readonly offset: number;
  /** How many there are in all, where it is known. */
  readonly count: number | undefined;
}

export interface Stretch {
  readonly limit: number;
  readonly offset: number;
  /** Read against the order of the list. */
  readonly isTurned: boolean;
}

/** The same rows, from the end that they are nearer to: what is skipped costs as much as what is shown. */
export function nearerEnd({ limit, offset, count }: Place): Stretch {
  if (count === undefined || offset * 2 <= count) return { limit, offset, isTurned: false };
  const left = Math.max(0, count - offset);
  return { limit: Math.min(limit, left), offset: Math.max(0, left - limit), isTurned: true };
}
