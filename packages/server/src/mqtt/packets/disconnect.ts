import type { Connection } from '../connection.ts';

/** DISCONNECT: uplinks under way still take effect; their acknowledgements have nobody to go to. */
export function onDisconnect(connection: Connection): void {
  connection.closeGently('client-disconnect');
}
