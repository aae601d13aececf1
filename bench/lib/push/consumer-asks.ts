/** What the bench `push` asks of the process that consumes over AMQP. */
export type ConsumerAsk =
  /** Leaves where it was connected before; answered once the link is open. */
  | { readonly kind: 'connect'; readonly port: number; readonly queue: string }
  /** Answered once so many messages have come since the last time. */
  | { readonly kind: 'receive'; readonly count: number };
