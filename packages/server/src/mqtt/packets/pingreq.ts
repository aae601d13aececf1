import type { Connection } from '../connection.ts';

export function onPingreq(connection: Connection): void {
  connection.send(connection.context.codec.encodePingresp());
}
