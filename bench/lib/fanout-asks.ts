/** What the bench `fanout` asks of the process that holds the MQTT clients. */
export type SubscriberAsk =
  | { readonly kind: 'connect'; readonly url: string; readonly devices: readonly Subscriber[] }
  /** Answered once so many messages have come since the last time. */
  | { readonly kind: 'receive'; readonly messages: number };

export interface Subscriber {
  readonly deviceId: string;
  /** Empty: no sign-in. */
  readonly secret: string;
  readonly topic: string;
}

/** What it asks of the process that publishes: with `url` to that broker, else in a broker of its own, whose address it answers. */
export type PublisherAsk =
  | { readonly kind: 'open'; readonly url: string | undefined }
  /** Answered once the broker has taken every message. */
  | { readonly kind: 'publish'; readonly topics: readonly string[]; readonly repeats: number };
