import mqtt, { type MqttClient } from 'mqtt';
import { createLogin } from '@muster/simulator';
import type { BenchDevice, FromClients, ToClients } from './fanout-messages.ts';

/** The same mqtt.js clients for both sides of the fan-out: each subscribes to its topic at QoS 1 and acknowledges what comes. */
const clients: MqttClient[] = [];
const connectsAtOnce = 50;

async function connectAll(url: string, devices: readonly BenchDevice[]): Promise<void> {
  const rest = [...devices];
  const worker = async (): Promise<void> => {
    for (let device = rest.shift(); device !== undefined; device = rest.shift())
      clients.push(await connect(url, device));
  };
  await Promise.all(Array.from({ length: connectsAtOnce }, worker));
}

async function connect(url: string, { deviceId, secret, topic }: BenchDevice): Promise<MqttClient> {
  const login = secret === '' ? { clientId: deviceId } : createLogin(deviceId, secret, new Date());
  const client = await mqtt.connectAsync(url, { ...login, keepalive: 300, reconnectPeriod: 0, resubscribe: false });
  await client.subscribeAsync(topic, { qos: 1 });
  return client;
}

async function obey(message: ToClients): Promise<void> {
  if (message.kind === 'connect') return connectAll(message.url, message.devices);
  await Promise.all(clients.map((client) => client.endAsync(true)));
}

const answer = (message: FromClients): void => {
  process.send?.(message);
};

process.on('message', (message: ToClients) => {
  obey(message)
    .then(() => answer({ kind: 'done' }))
    .catch((error: unknown) => answer({ kind: 'failed', reason: String(error) }))
    .finally(() => {
      if (message.kind === 'end') process.disconnect();
    });
});
