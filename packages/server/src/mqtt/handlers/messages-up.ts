import type { DeviceMessages } from '../../services/device-side/device-messages.ts';
import { decodeMessage } from '../../services/device-side/decode/message-payload.ts';
import type { Family } from '../../services/device-side/family.ts';
import type { UplinkHandler } from './uplink-call.ts';

/** `messages/up` (device 3.2): the system format, or any bytes. */
export function createMessagesUpHandler(messages: DeviceMessages, family: Family): UplinkHandler {
  return async ({ session, topic, payload, requestId, receivedAt, drop }) => {
    const { content, objectDeviceId } = decodeMessage(payload);
    const deviceId = await family.resolve(session.device, objectDeviceId);
    if (deviceId === undefined) return drop('foreign-device');
    await messages.onMessage({ deviceId, product: session.device, topic, requestId, receivedAt, content });
  };
}
