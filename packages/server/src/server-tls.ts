import { hostname } from 'node:os';
import type { Config } from './config/config.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import {
  loadOwnCertificate,
  readAuthorities,
  readCertificate,
  type ServerCertificate,
} from './system/server-certificate.ts';

/** What listeners over TLS need; nothing where there is none. */
export interface ServerTls {
  readonly certificate: ServerCertificate | undefined;
  /** PEM; only for HTTPS. */
  readonly clientCa: string | undefined;
}

/** Reads what the settings name; makes the data folder's own certificate where they name none. */
export async function loadServerTls(config: Config, { clock, log }: { clock: Clock; log: Log }): Promise<ServerTls> {
  const { http, mqtt, amqp, packages, tls, dataDir } = config;
  const isOn = [http.tlsPort, mqtt.tlsPort, amqp.tlsPort, packages.tlsPort].some((port) => port !== undefined);
  if (!isOn) return { certificate: undefined, clientCa: undefined };
  const certificate =
    tls.certificate === undefined
      ? await loadOwnCertificate({ dataDir, hosts: hostsOf(config), machineName: hostname(), clock, log })
      : await readCertificate(tls.certificate);
  return { certificate, clientCa: await clientCaOf(tls.clientCa) };
}

const clientCaOf = async (path: string | undefined): Promise<string | undefined> =>
  path === undefined ? undefined : await readAuthorities(path, 'MUSTER_TLS_CLIENT_CA');

function hostsOf({ http, mqtt, amqp, publicUrl }: Config): readonly string[] {
  const named = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const listening = [http.host, mqtt.host, amqp.host].filter((host) => host !== '0.0.0.0' && host !== '::');
  return [...new Set(['localhost', '127.0.0.1', '::1', ...listening, ...named])];
}
