import mqtt, { type MqttClient } from 'mqtt';
import { openAedes } from './aedes-broker.ts';
import type { PublisherAsk } from './fanout-asks.ts';
import { obeyParent } from './load-process.ts';

/** Publishes to a broker's subscribers, at QoS 1. Aedes is a library: there the publisher and the broker are one process. */
type Publish = (topic: string) => Promise<unknown>;

const payload = Buffer.from(JSON.stringify({ content: 'a message of the usual size, as an application sends it' }));
/** Messages that the broker has not yet taken: enough to keep it busy, and no more than a connection's packet ids. */
const inFlightMax = 500;

let publish: Publish = () => Promise.reject(new Error('Nothing is open.'));

async function open(url: string | undefined): Promise<string> {
  if (url === undefined) {
    const aedes = await openAedes();
    publish = (topic) => aedes.publish(topic, payload);
    return aedes.url;
  }
  const client: MqttClient = await mqtt.connectAsync(url, { clientId: 'publisher', reconnectPeriod: 0 });
  publish = (topic) => client.publishAsync(topic, payload, { qos: 1 });
  return url;
}

async function publishAll(topics: readonly string[], repeats: number): Promise<void> {
  const total = topics.length * repeats;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) {
      const topic = topics[next % topics.length] ?? '';
      next += 1;
      await publish(topic);
    }
  };
  await Promise.all(Array.from({ length: inFlightMax }, worker));
}

obeyParent<PublisherAsk>(async (ask) => {
  if (ask.kind === 'open') return open(ask.url);
  return publishAll(ask.topics, ask.repeats);
});
