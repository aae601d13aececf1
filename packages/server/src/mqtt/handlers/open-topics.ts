import type { DeviceMessages } from '../../services/device-side/device-messages.ts';
import type { UserTopics } from '../../services/device-side/user-topics.ts';
import type { UplinkCall, UplinkHandler } from './uplink-call.ts';

/** User topics: device messages, where the product declares them (device 3.1). */
export function createUserTopicHandler(messages: DeviceMessages, topics: UserTopics): UplinkHandler {
  return async (uplink) => {
    const { device } = uplink.session;
    const suffix = uplink.topic.slice(`$oc/devices/${device.deviceId}/user/`.length);
    if (suffix === '' || !(await topics.isDeclared(device, suffix))) return uplink.drop('undeclared-topic');
    await messages.onMessage(messageOf(uplink));
  };
}

/** Topics that do not start with `$`: all allowed. */
export function createFreeTopicHandler(messages: DeviceMessages): UplinkHandler {
  return (uplink) => messages.onMessage(messageOf(uplink));
}

function messageOf({ session, topic, requestId, receivedAt, payload }: UplinkCall) {
  const { device } = session;
  const content = { kind: 'raw', bytes: payload } as const;
  return { deviceId: device.deviceId, product: device, topic, requestId, receivedAt, content };
}
