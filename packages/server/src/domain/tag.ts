/** v5 8. */
export interface Tag {
  readonly key: string;
  /** A tag may have none. */
  readonly value: string | undefined;
}

/** v5 8: an 11th is refused. */
export const tagsPerDeviceMax = 10;
