/** What the bench `push` asks of the process that receives posts. */
export type ReceiverAsk =
  /** Answered with its address. */
  | { readonly kind: 'listen' }
  /** Answered once so many posts have come since the last time. */
  | { readonly kind: 'receive'; readonly count: number };
