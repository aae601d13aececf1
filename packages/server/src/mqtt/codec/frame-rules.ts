import type { MqttLimits } from '../limits.ts';
import type { EndReason } from '../reasons.ts';

/** The first four bits of a fixed header, for the packets a device may send. */
export const packetType = {
  connect: 1,
  publish: 3,
  puback: 4,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/** Device 1.4 step 1: only a CONNECT of limited size may open a connection. */
export function checkFirstHeader(firstByte: number, remaining: number, limits: MqttLimits): EndReason | undefined {
  if (firstByte >> 4 !== packetType.connect) return 'unexpected-packet';
  if ((firstByte & 0x0f) !== 0) return 'malformed';
  return remaining > limits.connectBytesMax ? 'packet-too-large' : undefined;
}

/** What a fixed header may say after CONNECT, in MQTT 3.1 and 3.1.1 (device 2). */
export function checkHeader(firstByte: number, remaining: number, limits: MqttLimits): EndReason | undefined {
  switch (firstByte >> 4) {
    case packetType.publish:
      return checkPublishHeader(firstByte, remaining, limits);
    case packetType.puback:
      return remaining === 2 ? undefined : 'malformed';
    case packetType.subscribe:
    case packetType.unsubscribe:
      return remaining > limits.subscribeBytesMax ? 'packet-too-large' : undefined;
    case packetType.pingreq:
    case packetType.disconnect:
      return remaining === 0 ? undefined : 'malformed';
    default:
      return 'unexpected-packet';
  }
}

function checkPublishHeader(firstByte: number, remaining: number, limits: MqttLimits): EndReason | undefined {
  const qos = (firstByte >> 1) & 0x03;
  if (qos === 3) return 'malformed';
  // device 2: QoS 2 closes; there is no need to read its payload first.
  if (qos === 2) return 'qos-not-supported';
  return remaining > limits.packetBytesMax ? 'packet-too-large' : undefined;
}
