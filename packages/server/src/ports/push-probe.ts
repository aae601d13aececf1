import type { JsonObject } from '../domain/json.ts';
import type { HttpChannel } from '../domain/rule.ts';

/** What became of a post that is nobody's notification. */
export interface ProbeResult {
  readonly isDelivered: boolean;
  /** That the receiver answered; undefined: it did not. */
  readonly status: number | undefined;
  /** In one word why it failed; no more: the answer must not explore networks for anybody. */
  readonly error: 'status' | 'timeout' | 'address' | 'name' | 'certificate' | 'connection' | undefined;
  readonly ms: number;
}

/** Sends one post as deliveries are sent, with the same guards, and tells how it went. */
export type PushProbe = (target: HttpChannel, payload: JsonObject) => Promise<ProbeResult>;
