/** An object in one of the S3-compatible stores that the operator has configured (v5 10, obs_location). */
export interface ObjectPlace {
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
}

/** `reason` is a sentence for whoever named the object. */
export type ObjectLook =
  | { readonly kind: 'found'; readonly size: number }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface ObjectStores {
  /** Asks the store; never rejects and never takes longer than the store's own time limits. */
  look(place: ObjectPlace): Promise<ObjectLook>;
  /**
   * A URL with which anybody can GET the object for `seconds` from `at` (ms since epoch) on. Asks nobody. Undefined where the region is
   * not configured (any more).
   */
  sign(place: ObjectPlace, at: number, seconds: number): Promise<string | undefined>;
}
