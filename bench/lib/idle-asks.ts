/** What the bench `connect` asks of the process that holds its devices. */
export type IdleAsk =
  /** Answered with how many sign-ins were refused on the way, once all are connected. */
  | {
      readonly kind: 'connect';
      readonly url: string;
      readonly deviceIds: readonly string[];
      /** The same for all. */
      readonly secret: string;
      readonly atOnce: number;
    }
  /** How many are still connected. */
  | { readonly kind: 'count' }
  | { readonly kind: 'disconnect' };
