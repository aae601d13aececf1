import { createLogin } from '@muster/simulator';
import mqtt, { type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';

/** One connection of a device that remembers what it is sent and answers commands and property gets; it does not come back once it is closed. */
export interface WireDevice {
  readonly received: readonly { readonly topic: string; readonly text: string }[];
  readonly isConnected: boolean;
  readonly closed: Promise<void>;
  end(): Promise<void>;
}

export async function connectDevice(
  mqttUrl: string,
  { deviceId, secret }: { readonly deviceId: string; readonly secret: string },
): Promise<WireDevice> {
  const login = createLogin(deviceId, secret, new Date());
  const client = await mqtt.connectAsync(mqttUrl, { ...login, keepalive: 60, reconnectPeriod: 0, resubscribe: false });
  const received: { topic: string; text: string }[] = [];
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  client.on('error', () => undefined);
  client.on('message', (topic, payload) => {
    received.push({ topic, text: payload.toString() });
    answer(client, deviceId, topic);
  });
  onTestFinished(async () => {
    await client.endAsync(true);
  });
  return {
    received,
    closed,
    get isConnected() {
      return client.connected;
    },
    end: () => client.endAsync(),
  };
}

function answer(client: MqttClient, deviceId: string, topic: string): void {
  const [, kind, requestId] = /\/sys\/(commands|properties\/get)\/request_id=(.+)$/.exec(topic) ?? [];
  if (kind === undefined || requestId === undefined) return;
  const reply = JSON.stringify({ result_code: 0, response_name: 'done', paras: { ok: true } });
  client.publish(`$oc/devices/${deviceId}/sys/${kind}/response/request_id=${requestId}`, reply, { qos: 1 });
}
