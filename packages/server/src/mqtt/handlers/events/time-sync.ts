import type { Json } from '../../../domain/json.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { EventHandlers } from './event-call.ts';

/** `$time_sync` (device 3.3): all three times are numbers in ms, because libraries read them as such. */
export function createTimeSyncHandlers(clock: Pick<Clock, 'now'>): EventHandlers {
  return {
    async time_sync_request({ uplink, paras, answer }) {
      const deviceSendTime = decodeMillis(paras['device_send_time']);
      if (deviceSendTime === undefined) return uplink.drop('bad-payload');
      answer('time_sync_response', {
        device_send_time: deviceSendTime,
        server_recv_time: uplink.receivedAt,
        server_send_time: clock.now(),
      });
    },
  };
}

/** Python sends digits as text. */
function decodeMillis(value: Json | undefined): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}
