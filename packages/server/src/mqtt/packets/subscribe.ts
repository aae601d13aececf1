import type { ISubscription } from 'mqtt-packet';
import type { Connection } from '../connection.ts';
import type { GrantedFilter } from '../gateway-hooks.ts';
import type { MqttSession } from '../session.ts';
import { isFilterAllowed, isTopicLengthAllowed } from '../topics.ts';

const failure = 0x80;

/** SUBSCRIBE: each filter is judged on its own (device 3.1). */
export function onSubscribe(connection: Connection, session: MqttSession, frame: Buffer): void {
  const { codec, hooks, notify } = connection.context;
  const packet = codec.decodeSubscribe(frame);
  if (!packet) {
    connection.close('malformed');
    return;
  }
  const codes: number[] = [];
  const granted: GrantedFilter[] = [];
  for (const subscription of packet.subscriptions) {
    const qos = grant(connection, session, subscription);
    codes.push(qos ?? failure);
    if (qos !== undefined) granted.push({ filter: subscription.topic, qos });
  }
  connection.send(codec.encodeSuback(packet.messageId, codes));
  if (granted.length > 0) notify(() => hooks.onSubscribed(session, granted));
}

/** The granted QoS; undefined if the filter is not granted. QoS 2 is granted as 1 (device 2). */
function grant(connection: Connection, session: MqttSession, { topic, qos }: ISubscription): 0 | 1 | undefined {
  const { limits } = connection.context;
  if (!isTopicLengthAllowed(topic, limits) || !isFilterAllowed(topic, session.device.deviceId)) return undefined;
  const granted = qos === 0 ? 0 : 1;
  return session.subscribe(topic, granted) ? granted : undefined;
}
