import type { ActionChannel } from '../../../packages/server/src/domain/rule.ts';
import type { Metrics } from '../../../packages/server/src/ports/metrics.ts';
import type { Store } from '../../../packages/server/src/ports/store/store.ts';

/** A way on which notifications leave, with somebody at its end in a process of its own. */
export interface PushWay extends AsyncDisposable {
  readonly target: ActionChannel;
  /** Everything that waits for that target, `count` in all, until it is taken and gone from the store. */
  deliver(store: Store, count: number): Promise<void>;
  /** As many from the bare library, until they are taken. */
  deliverBare(count: number): Promise<void>;
}

export const content = { content: 'a message of the usual size, as a device sends it' };

/** About what Muster makes of a message. */
export const samplePayload = JSON.stringify({
  ...{ resource: 'device.message', event: 'report', event_time: '20260101T000000Z' },
  ...{ event_time_ms: '2026-01-01T00:00:00.000Z', request_id: '00000000-0000-4000-8000-000000000000' },
  notify_data: {
    header: { device_id: 'bench_00000000', node_id: 'bench_00000000', gateway_id: 'bench_00000000' },
    body: content,
  },
});

export const noMetrics: Metrics = { count: () => undefined, observe: () => undefined, gauge: () => undefined };
