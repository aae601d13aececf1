/** device 8.1: device libraries have room for no more. */
const hostLengthMax = 49;

/**
 * The base of download addresses, always with an explicit port and without a slash at its end (device 8.1). Taken apart by hand, because
 * URL classes drop default ports. Throws a sentence beginning with `must`.
 */
export function parsePublicUrl(text: string): string {
  const match = /^(https?):\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?\/?$/.exec(text);
  if (match === null)
    throw new Error('must be http:// or https:// with a host name or IPv4 address and a port, no path');
  const [, scheme = '', host = '', port = scheme === 'https' ? '443' : '80'] = match;
  if (host.length > hostLengthMax) throw new Error(`must have a host of at most ${hostLengthMax} characters`);
  if (Number(port) < 1 || Number(port) > 65_535) throw new Error('must have a port from 1 to 65535');
  return `${scheme}://${host}:${port}`;
}
