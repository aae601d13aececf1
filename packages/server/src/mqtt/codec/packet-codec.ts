import type {
  IConnectPacket,
  IPubackPacket,
  IPublishPacket,
  ISubscribePacket,
  IUnsubscribePacket,
  Packet,
  Parser,
} from 'mqtt-packet';
import mqttPacket from 'mqtt-packet';

type WithId<P> = P & { messageId: number };

export type DecodedConnect =
  | { readonly kind: 'connect'; readonly packet: IConnectPacket }
  | { readonly kind: 'unacceptable-protocol' }
  | { readonly kind: 'malformed' };

export interface PublishFields {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly packetId: number | undefined;
  readonly dup: boolean;
}

/** Packets of MQTT 3.1 and 3.1.1 from and to whole frames. Each decoder answers undefined for a malformed packet. */
export interface PacketCodec {
  decodeConnect(frame: Buffer): DecodedConnect;
  decodePublish(frame: Buffer): IPublishPacket | undefined;
  decodePuback(frame: Buffer): WithId<IPubackPacket> | undefined;
  decodeSubscribe(frame: Buffer): WithId<ISubscribePacket> | undefined;
  decodeUnsubscribe(frame: Buffer): WithId<IUnsubscribePacket> | undefined;
  encodeConnack(code: number): Buffer;
  /** QoS 1 if there is a packet id. Retain is always 0 (device 2). */
  encodePublish(fields: PublishFields): Buffer;
  encodePuback(packetId: number): Buffer;
  encodeSuback(packetId: number, granted: readonly number[]): Buffer;
  encodeUnsuback(packetId: number): Buffer;
  encodePingresp(): Buffer;
}

/** One codec serves all connections: frames come whole, so no parser keeps anything between two of them. */
export function createPacketCodec(): PacketCodec {
  // The library's parser turns to the version of a CONNECT that it reads; sessions need one that stays at 3.1.1.
  const decodeFirst = createDecoder();
  const decode = createDecoder();
  const pingresp = mqttPacket.generate({ cmd: 'pingresp' });
  return {
    decodeConnect(frame) {
      const protocol = readProtocol(frame);
      if (protocol === undefined) return { kind: 'malformed' };
      if (!protocols.has(protocol)) return { kind: 'unacceptable-protocol' };
      const packet = decodeFirst(frame);
      return packet?.cmd === 'connect' ? { kind: 'connect', packet } : { kind: 'malformed' };
    },
    decodePublish(frame) {
      const packet = decode(frame);
      if (packet?.cmd !== 'publish') return undefined;
      return packet.qos === 0 || hasId(packet) ? packet : undefined;
    },
    decodePuback(frame) {
      const packet = decode(frame);
      return packet?.cmd === 'puback' && hasId(packet) ? packet : undefined;
    },
    decodeSubscribe(frame) {
      const packet = decode(frame);
      return packet?.cmd === 'subscribe' && hasId(packet) && packet.subscriptions.length > 0 ? packet : undefined;
    },
    decodeUnsubscribe(frame) {
      const packet = decode(frame);
      return packet?.cmd === 'unsubscribe' && hasId(packet) && packet.unsubscriptions.length > 0 ? packet : undefined;
    },
    encodeConnack: (code) => mqttPacket.generate({ cmd: 'connack', returnCode: code, sessionPresent: false }),
    encodePublish: ({ topic, payload, packetId, dup }) =>
      packetId === undefined
        ? mqttPacket.generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })
        : mqttPacket.generate({ cmd: 'publish', topic, payload, qos: 1, dup, retain: false, messageId: packetId }),
    encodePuback: (packetId) => mqttPacket.generate({ cmd: 'puback', messageId: packetId }),
    encodeSuback: (packetId, granted) =>
      mqttPacket.generate({ cmd: 'suback', messageId: packetId, granted: [...granted] }),
    encodeUnsuback: (packetId) => mqttPacket.generate({ cmd: 'unsuback', messageId: packetId, granted: [] }),
    encodePingresp: () => pingresp,
  };
}

/** Decodes exactly one whole frame; undefined if it is malformed or anything of it is left over. */
function createDecoder(): (frame: Buffer) => Packet | undefined {
  let decoded: Packet | undefined;
  const createParser = (): Parser =>
    mqttPacket
      .parser({ protocolVersion: 4 })
      .on('packet', (packet) => {
        decoded = packet;
      })
      .on('error', () => {
        decoded = undefined;
      });
  let parser = createParser();
  return (frame) => {
    decoded = undefined;
    if (parser.parse(frame) === 0) return decoded;
    // Left-over bytes would be taken for the beginning of the next connection's packet.
    parser = createParser();
    return undefined;
  };
}

/** The library reports a missing packet id as -1 and takes 0, which is forbidden. */
function hasId<P extends Packet>(packet: P): packet is WithId<P> {
  return packet.messageId !== undefined && packet.messageId > 0;
}

const protocols = new Set(['MQIsdp 3', 'MQTT 4']);

/** Protocol name and level, read here because the library calls an unknown protocol malformed and we owe it an answer. */
function readProtocol(frame: Buffer): string | undefined {
  let at = 1;
  while ((frame[at] ?? 0) >= 0x80) at += 1;
  at += 1;
  if (at + 2 > frame.length) return undefined;
  const nameEnd = at + 2 + frame.readUInt16BE(at);
  const level = frame[nameEnd];
  return level === undefined ? undefined : `${frame.toString('latin1', at + 2, nameEnd)} ${level}`;
}
