import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type IConnectPacket, type IPublishPacket, parser, writeToStream } from 'mqtt-packet';

/** What a device published. */
export interface SeenPublish {
  readonly deviceId: string;
  readonly topic: string;
  readonly body: Record<string, unknown>;
}

/** A small MQTT server that behaves as device 4 says: it pushes into sessions, nobody subscribes. */
export interface MqttFixture {
  readonly url: string;
  readonly connects: IConnectPacket[];
  readonly publishes: SeenPublish[];
  /** Commands of packets other than CONNECT, PUBLISH, PUBACK, PINGREQ, DISCONNECT. */
  readonly strange: string[];
  /** DISCONNECT packets. */
  farewells: number;
  /** Return code for a CONNECT; 0 if not set. */
  refuse: (connect: IConnectPacket) => number;
  /** false: QoS 1 publishes are not acknowledged. */
  acknowledge: boolean;
  readonly sessions: ReadonlyMap<string, Socket>;
  /** Most connections that were open at once. */
  readonly peak: number;
  send(deviceId: string, suffix: string, body: unknown): void;
  sendEvent(deviceId: string, event: { eventType: string; paras?: unknown; objectDeviceId?: string }): void;
  /** The next publish that fits, also one that came already and was not taken yet. */
  take(fits: (publish: SeenPublish) => boolean): Promise<SeenPublish>;
  /** Waits until this holds; looked at after every packet and connection. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

interface Waiter {
  readonly holds: () => boolean;
  readonly resolve: () => void;
}

/** Looks at conditions whenever something happened. */
function createSignals() {
  let waiters: Waiter[] = [];
  const poke = (): void => {
    const ready = waiters.filter((waiter) => waiter.holds());
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiters.push({ holds, resolve });
      poke();
    });
  return { poke, until };
}

const parseBody = (payload: Buffer | string): Record<string, unknown> => {
  return JSON.parse(payload.toString()) as Record<string, unknown>;
};

const deviceIdOf = (connect: IConnectPacket): string => connect.clientId.split('_').slice(0, -3).join('_');

export async function startMqtt(): Promise<MqttFixture> {
  const { poke, until } = createSignals();
  const sessions = new Map<string, Socket>();
  const untaken: SeenPublish[] = [];
  const open = new Set<Socket>();
  let peak = 0;

  const onConnect = (socket: Socket, packet: IConnectPacket): string | undefined => {
    fixture.connects.push(packet);
    const returnCode = fixture.refuse(packet);
    writeToStream({ cmd: 'connack', returnCode, sessionPresent: false }, socket);
    if (returnCode !== 0) {
      socket.end();
      return undefined;
    }
    sessions.set(deviceIdOf(packet), socket);
    return deviceIdOf(packet);
  };

  const onPublish = (socket: Socket, packet: IPublishPacket, deviceId: string): void => {
    const seen = { deviceId, topic: packet.topic, body: parseBody(packet.payload) };
    fixture.publishes.push(seen);
    untaken.push(seen);
    if (packet.qos === 1 && fixture.acknowledge && packet.messageId !== undefined) {
      writeToStream({ cmd: 'puback', messageId: packet.messageId }, socket);
    }
  };

  const serve = (socket: Socket): void => {
    let deviceId: string | undefined;
    open.add(socket);
    peak = Math.max(peak, open.size);
    const decode = parser({ protocolVersion: 4 });
    decode.on('packet', (packet) => {
      if (packet.cmd === 'connect') deviceId = onConnect(socket, packet);
      else if (packet.cmd === 'publish') onPublish(socket, packet, deviceId ?? '');
      else if (packet.cmd === 'disconnect') {
        fixture.farewells += 1;
        socket.end();
      } else if (packet.cmd === 'pingreq') writeToStream({ cmd: 'pingresp' }, socket);
      else if (packet.cmd !== 'puback') fixture.strange.push(packet.cmd);
      poke();
    });
    socket.on('data', (data) => decode.parse(data));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      if (deviceId !== undefined && sessions.get(deviceId) === socket) sessions.delete(deviceId);
      poke();
    });
  };

  const server: Server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fixture = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects: [] as IConnectPacket[],
    publishes: [] as SeenPublish[],
    strange: [] as string[],
    farewells: 0,
    refuse: (_connect: IConnectPacket): number => 0,
    acknowledge: true,
    sessions,
    get peak() {
      return peak;
    },
    until,
    send(deviceId: string, suffix: string, body: unknown): void {
      const socket = sessions.get(deviceId);
      if (socket === undefined) throw new Error(`No session of ${deviceId}`);
      const topic = `$oc/devices/${deviceId}${suffix}`;
      const payload = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      writeToStream({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false }, socket);
    },
    sendEvent(deviceId: string, event: { eventType: string; paras?: unknown; objectDeviceId?: string }): void {
      const { eventType: event_type, paras = {}, objectDeviceId = deviceId } = event;
      const services = [{ service_id: '$ota', event_type, event_time: '20260301T080000Z', paras }];
      fixture.send(deviceId, '/sys/events/down', { object_device_id: objectDeviceId, services });
    },
    async take(fits: (publish: SeenPublish) => boolean): Promise<SeenPublish> {
      await until(() => untaken.some(fits));
      const [taken] = untaken.splice(untaken.findIndex(fits), 1);
      return taken as SeenPublish;
    },
    async close(): Promise<void> {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fixture;
}

/** The single event of a publish on `events/up`. */
export function eventOf(publish: SeenPublish): { type: string; paras: Record<string, unknown> } {
  const [service] = publish.body['services'] as { event_type: string; paras: Record<string, unknown> }[];
  return { type: service?.event_type ?? '', paras: service?.paras ?? {} };
}

export const isEvent =
  (type: string) =>
  (publish: SeenPublish): boolean =>
    publish.topic.endsWith('/sys/events/up') && eventOf(publish).type === type;
