/** What the bench asks of the process that holds the MQTT clients. */
export type ToClients =
  | { readonly kind: 'connect'; readonly url: string; readonly devices: readonly BenchDevice[] }
  | { readonly kind: 'end' };

export interface BenchDevice {
  readonly deviceId: string;
  /** Empty: no sign-in. */
  readonly secret: string;
  readonly topic: string;
}

export type FromClients = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };
