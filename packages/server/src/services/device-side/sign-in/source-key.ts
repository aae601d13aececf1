import { isIPv6 } from 'node:net';

const mappedPrefix = '::ffff:';

/**
 * The key under which failures of one source address are counted: an IPv4 address as it is, an IPv6 address by its /64, because
 * one host owns all of those.
 */
export function sourceKey(remoteAddress: string): string {
  const address = remoteAddress.toLowerCase();
  if (address.startsWith(mappedPrefix) && address.includes('.')) return address.slice(mappedPrefix.length);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  // Without `::` all eight groups are written; with it, the missing ones are zero and stand between head and tail.
  const tailLength = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  if (tail !== undefined) {
    while (groups.length < 8 - tailLength) groups.push('0');
    if (tailLength > 0) groups.push(...tail.split(':'));
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/u, ''))
    .join(':');
}
