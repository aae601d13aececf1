import type { Connection } from '../connection.ts';
import type { MqttSession } from '../session.ts';

/** PUBACK of a QoS 1 downlink; false if none was waiting for it. */
export function onPuback(connection: Connection, session: MqttSession, frame: Buffer): boolean {
  const { codec, hooks, notify } = connection.context;
  const packet = codec.decodePuback(frame);
  if (!packet) {
    connection.close('malformed');
    return false;
  }
  let isAwaited = false;
  notify(() => {
    isAwaited = session.acknowledge(packet.messageId);
    if (isAwaited) hooks.onPuback(session, packet.messageId);
  });
  return isAwaited;
}
