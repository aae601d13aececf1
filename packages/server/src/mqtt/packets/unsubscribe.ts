import type { Connection } from '../connection.ts';
import type { MqttSession } from '../session.ts';

export function onUnsubscribe(connection: Connection, session: MqttSession, frame: Buffer): void {
  const { codec } = connection.context;
  const packet = codec.decodeUnsubscribe(frame);
  if (!packet) {
    connection.close('malformed');
    return;
  }
  for (const filter of packet.unsubscriptions) session.unsubscribe(filter);
  connection.send(codec.encodeUnsuback(packet.messageId));
}
