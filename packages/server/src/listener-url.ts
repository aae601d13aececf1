import { isIPv6 } from 'node:net';

/** An address to connect to: "all interfaces" is none. */
export function listenerUrl(scheme: string, host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}
