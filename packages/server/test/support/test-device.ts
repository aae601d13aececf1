import type { IPublishPacket, Packet } from 'mqtt-packet';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { RawClient } from '../mqtt/fixture/raw-client.ts';

/** One PUBLISH that came down; `body` is undefined, whatever its type says, where the payload is no JSON. */
export interface Received {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: Buffer;
  readonly body: DownBody;
}

/** Members that tests look into; whatever else there is, is compared as a whole. */
export interface DownBody {
  readonly object_device_id: string;
  readonly id: string;
  readonly services: readonly DownEntry[];
  readonly shadow: readonly JsonObject[];
}

export interface DownEntry {
  readonly service_id: string;
  readonly event_type: string;
  readonly event_time: string;
  readonly event_id?: string;
  readonly paras: DownParas;
}

export interface DownParas {
  readonly access_token: string;
  readonly url: string;
  readonly sign: string;
  readonly version: string | number;
  readonly device_send_time: number;
  readonly devices: readonly JsonObject[];
  readonly successful_devices: readonly JsonObject[];
  readonly failed_devices: readonly JsonObject[];
}

/** An entry of `events/down`, without its envelope. */
export interface ReceivedEvent {
  readonly objectDeviceId: string;
  readonly serviceId: string;
  readonly eventType: string;
  readonly eventId: string | undefined;
  readonly eventTime: string;
  readonly paras: DownParas;
}

type Eventually = <T>(look: () => Promise<T | undefined | false> | T | undefined | false) => Promise<T>;

/** A connected device that speaks the protocol of the device page, byte by byte where a test wants it. */
export class TestDevice {
  readonly deviceId: DeviceId;
  readonly client: RawClient;
  readonly #eventually: Eventually;
  #taken = 0;
  #packetId = 0;

  constructor(deviceId: DeviceId, client: RawClient, eventually: Eventually) {
    this.deviceId = deviceId;
    this.client = client;
    this.#eventually = eventually;
  }

  get received(): readonly Received[] {
    return this.client.packets.items.filter(isPublish).map(receivedOf);
  }

  /** The full name of an own topic. */
  topic(suffix: string): string {
    return `$oc/devices/${this.deviceId}/${suffix}`;
  }

  /** Resolves when the server has acknowledged it: its effect is durable, or it was dropped. */
  async publish(topic: string, payload: Buffer | string): Promise<void> {
    this.#packetId += 1;
    const messageId = this.#packetId;
    this.client.publish({ topic, payload, qos: 1, messageId });
    await this.#eventually(() => {
      if (this.client.socket.destroyed) throw new Error('The server has ended the connection.');
      return this.#has((packet) => packet.cmd === 'puback' && packet.messageId === messageId);
    });
  }

  /** JSON on an own sys topic, `suffix` as `properties/report`. */
  async report(suffix: string, body: unknown): Promise<void> {
    await this.publish(this.topic(`sys/${suffix}`), JSON.stringify(body));
  }

  async event(service: string, type: string, paras: JsonObject, over: JsonObject = {}): Promise<void> {
    const { object_device_id = null, ...rest } = over;
    const entry = { service_id: service, event_type: type, event_time: null, event_id: '', paras, ...rest };
    await this.report('events/up', { object_device_id, services: [entry] });
  }

  /** The next PUBLISH that was not taken yet. */
  async next(): Promise<Received> {
    const wanted = this.#taken;
    this.#taken += 1;
    return this.#eventually(() => this.received[wanted]);
  }

  async nextEvent(): Promise<ReceivedEvent> {
    const { topic, body } = await this.next();
    if (topic !== this.topic('sys/events/down')) throw new Error(`expected an event, got ${topic}`);
    const [entry, second] = body.services;
    if (entry === undefined || second !== undefined) throw new Error(`expected one entry, got ${body.services.length}`);
    return {
      objectDeviceId: body.object_device_id,
      serviceId: entry.service_id,
      eventType: entry.event_type,
      eventId: entry.event_id,
      eventTime: entry.event_time,
      paras: entry.paras,
    };
  }

  /** What came and was not taken, after everything that the server has written so far has arrived. */
  async rest(): Promise<readonly Received[]> {
    const answers = this.#count('pingresp') + 1;
    this.client.send({ cmd: 'pingreq' });
    await this.#eventually(() => this.#count('pingresp') >= answers);
    return this.received.slice(this.#taken);
  }

  async subscribe(filter: string, qos: 0 | 1): Promise<number | undefined> {
    this.#packetId += 1;
    const messageId = this.#packetId;
    this.client.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos }] });
    const suback = await this.#eventually(() =>
      this.client.packets.items.find((packet) => packet.cmd === 'suback' && packet.messageId === messageId),
    );
    return suback.cmd === 'suback' ? Number(suback.granted[0]) : undefined;
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#packetId += 1;
    const messageId = this.#packetId;
    this.client.send({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter] });
    await this.#eventually(() => this.#has((packet) => packet.cmd === 'unsuback' && packet.messageId === messageId));
  }

  /** Goes away without a word. */
  async vanish(): Promise<void> {
    this.client.socket.destroy();
    await this.client.closed;
  }

  #has(isWanted: (packet: Packet) => boolean): boolean {
    return this.client.packets.items.some(isWanted);
  }

  #count(cmd: Packet['cmd']): number {
    return this.client.packets.items.filter((packet) => packet.cmd === cmd).length;
  }
}

const isPublish = (packet: Packet): packet is IPublishPacket => packet.cmd === 'publish';

function receivedOf({ topic, qos, retain, payload }: IPublishPacket): Received {
  const bytes = Buffer.from(payload);
  return { topic, qos, retain, payload: bytes, body: parsed(bytes) as DownBody };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
