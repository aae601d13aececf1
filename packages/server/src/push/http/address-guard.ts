import { BlockList, isIP } from 'node:net';

/** Structurally what the configuration makes of CIDR texts. */
export interface AllowedNetwork {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Whether a push may connect to this address (text of an IPv4 or IPv6 address). */
export type AddressGuard = (address: string) => boolean;

/** Networks that are not the public internet: what a stranger's URL must not reach through us. */
const refusedV4 = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carriers' private
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, where clouds keep credentials
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays into IPv6
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const;

/** Of IPv6 everything is refused but 2000::/3, and there what carries an IPv4 address inside or is not routed. */
const globalV6 = ['2000::', 3] as const;
const refusedV6 = [
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
] as const;

/** Refuses all but public addresses and the networks that the operator names (MUSTER_PUSH_ALLOW_PRIVATE). */
export function createAddressGuard(allowed: readonly AllowedNetwork[]): AddressGuard {
  const named = new BlockList();
  for (const { address, prefix, family } of allowed) named.addSubnet(address, prefix, family);
  const refused = new BlockList();
  for (const [address, prefix] of refusedV4) refused.addSubnet(address, prefix, 'ipv4');
  for (const [address, prefix] of refusedV6) refused.addSubnet(address, prefix, 'ipv6');
  const global = new BlockList();
  global.addSubnet(...globalV6, 'ipv6');
  return (text) => {
    const address = plainAddress(text);
    if (address === undefined) return false;
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (named.check(address, family)) return true;
    return !refused.check(address, family) && (family === 'ipv4' || global.check(address, family));
  };
}

/** Without zone, and IPv4-mapped addresses as the IPv4 address that they mean. Undefined: no address at all. */
function plainAddress(text: string): string | undefined {
  const [address = ''] = text.split('%', 1);
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : undefined;
  // The URL parser writes every spelling of one address alike.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  return high === undefined || low === undefined ? canonical : [...bytesOf(high), ...bytesOf(low)].join('.');
}

function bytesOf(group: string): [number, number] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}
