import type { Connection } from '../connection.ts';
import type { Uplink } from '../gateway-hooks.ts';
import type { DropReason } from '../reasons.ts';
import type { MqttSession } from '../session.ts';
import { isTopicLengthAllowed, isTopicName, routeUplink } from '../topics.ts';

/** PUBLISH: to its handler in the order sent, without waiting for the earlier ones (device 2, uplink order). */
export function onPublish(connection: Connection, session: MqttSession, frame: Buffer): void {
  const { codec, limits, hooks } = connection.context;
  const packet = codec.decodePublish(frame);
  if (!packet || !isTopicName(packet.topic)) {
    connection.close('malformed');
    return;
  }
  const { topic } = packet;
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  if (payload.length > limits.payloadBytesMax) {
    connection.close('packet-too-large');
    return;
  }
  const qos = packet.qos === 0 ? 0 : 1;
  const packetId = packet.messageId ?? 0;
  if (!isTopicLengthAllowed(topic, limits)) {
    drop(connection, packetId, 'topic-too-long');
    return;
  }
  const route = routeUplink(topic, session.device.deviceId);
  if (!route) {
    drop(connection, packetId, 'foreign-topic');
    return;
  }
  const uplink: Uplink = { topic, route, payload, qos };
  // The async function turns a handler's throw into a rejection, too.
  const handle = async (): Promise<void> => hooks.onPublish(session, uplink);
  connection.pushUplink(packetId, frame.length, handle());
}

/** Dropped and counted: acknowledged, without effect, and the connection stays. */
function drop(connection: Connection, packetId: number, reason: DropReason): void {
  connection.context.counters.dropped(reason);
  connection.pushDroppedUplink(packetId);
}
