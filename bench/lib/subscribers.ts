import { createLogin } from '@muster/simulator';
import mqtt, { type MqttClient } from 'mqtt';
import type { Subscriber, SubscriberAsk } from './fanout-asks.ts';
import { obeyParent } from './load-process.ts';

/** The same mqtt.js clients for all sides of the fan-out: each subscribes to its topic at QoS 1 and acknowledges what comes. */
const connectsAtOnce = 50;

let received = 0;
let enough: { readonly messages: number; readonly resolve: () => void } | undefined;

function onMessage(): void {
  received += 1;
  finishIfEnough();
}

function finishIfEnough(): void {
  if (enough === undefined || received < enough.messages) return;
  received -= enough.messages;
  enough.resolve();
  enough = undefined;
}

async function connectAll(url: string, subscribers: readonly Subscriber[]): Promise<void> {
  const rest = [...subscribers];
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await connect(url, next);
  };
  await Promise.all(Array.from({ length: connectsAtOnce }, worker));
}

async function connect(url: string, { deviceId, secret, topic }: Subscriber): Promise<MqttClient> {
  const login = secret === '' ? { clientId: deviceId } : createLogin(deviceId, secret, new Date());
  const client = await mqtt.connectAsync(url, { ...login, keepalive: 300, reconnectPeriod: 0, resubscribe: false });
  client.on('message', onMessage);
  await client.subscribeAsync(topic, { qos: 1 });
  return client;
}

obeyParent<SubscriberAsk>(async (ask) => {
  if (ask.kind === 'connect') return connectAll(ask.url, ask.devices);
  return new Promise<void>((resolve) => {
    enough = { messages: ask.messages, resolve };
    finishIfEnough();
  });
});
