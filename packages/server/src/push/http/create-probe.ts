import type { Clock } from '../../ports/clock.ts';
import type { ProbeResult, PushProbe } from '../../ports/push-probe.ts';
import type { HttpSender } from './http-sender.ts';
import { failureOf } from './push-failure.ts';

/** The sender of deliveries, for posts that nobody waits for but whoever sent them. */
export function createProbe(sender: HttpSender, clock: Clock, cut: AbortSignal): PushProbe {
  return async (target, payload) => {
    const sentAt = clock.now();
    const after = (result: Omit<ProbeResult, 'ms'>): ProbeResult => ({ ...result, ms: clock.now() - sentAt });
    try {
      return after({ isDelivered: true, status: await sender.send({ target, payload }, cut), error: undefined });
    } catch (error) {
      const { kind, status } = failureOf(error);
      return after({ isDelivered: false, status, error: kind });
    }
  };
}
