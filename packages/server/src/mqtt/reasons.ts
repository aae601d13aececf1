import type { CloseReason } from '../ports/device-link.ts';

/** Why a CONNECT is not accepted (device 1.4). What the device sees of it is a mapping of its protocol version. */
export type RefusalReason =
  | 'unacceptable-protocol'
  | 'identifier-rejected'
  | 'server-unavailable'
  | 'bad-credentials'
  | 'not-authorized';

/** Why a connection or session ended; the reasons of the rest of the server are the link's. */
export type EndReason =
  | CloseReason
  | 'client-disconnect'
  | 'peer-closed'
  | 'connect-timeout'
  | 'refused'
  | 'too-many-connections'
  | 'malformed'
  | 'unexpected-packet'
  | 'packet-too-large'
  | 'qos-not-supported'
  | 'keepalive-timeout'
  | 'slow-reader'
  | 'uplink-failed'
  | 'lease-lost'
  | 'server-shutdown';

/** Why something a device sent was dropped and counted (device, Marks). */
export type DropReason =
  | 'topic-too-long'
  | 'foreign-topic'
  | 'undeclared-topic'
  | 'bad-payload'
  | 'unknown-request'
  | 'foreign-device'
  | 'not-served';

/** MQTT 3.1 and 3.1.1 (device 1.4). The codes of MQTT 5 (device 1.7) become a second table beside this one. */
export const connackCodes: Readonly<Record<RefusalReason, number>> = {
  'unacceptable-protocol': 1,
  'identifier-rejected': 2,
  'server-unavailable': 3,
  'bad-credentials': 4,
  'not-authorized': 5,
};
