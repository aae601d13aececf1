import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { RefusedAddress } from './push-failure.ts';

export interface ConnectorOptions {
  readonly isAllowed: AddressGuard;
  /** Sent and checked instead of the URL's host (v5 15.2, `cn_name` with `sni_enable`). */
  readonly serverName: string | undefined;
  readonly timeoutMs: number;
  /** Certificates (PEM) that vouch for receivers beside the public ones. */
  readonly ca: readonly string[];
  /** False: any certificate will do. */
  readonly tlsVerify: boolean;
}

/**
 * Connects only where the guard allows. It is asked about the very address that is connected to, after the name was resolved: a name
 * that was good a moment ago proves nothing (DNS rebinding).
 */
export function createGuardedConnector({
  isAllowed,
  serverName,
  timeoutMs,
  ca,
  tlsVerify,
}: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    rejectUnauthorized: tlsVerify,
    ...(ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
    lookup: guardedLookup(isAllowed),
  });
  return (options, callback) => {
    // A literal address is never looked up.
    if (isIP(options.hostname) !== 0 && !isAllowed(options.hostname))
      callback(new RefusedAddress(options.hostname), null);
    else connect(serverName === undefined ? options : { ...options, servername: serverName }, callback);
  };
}

function guardedLookup(isAllowed: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookupAll(hostname, options, (error, addresses) => {
      const good = addresses.filter(({ address }) => isAllowed(address));
      const [first] = good;
      if (error !== null) callback(error, '', 0);
      else if (first === undefined) callback(new RefusedAddress(hostname), '', 0);
      else if (options.all === true) callback(null, good);
      else callback(null, first.address, first.family);
    });
  };
}

function lookupAll(
  hostname: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => done(error, error === null ? addresses : []));
}
