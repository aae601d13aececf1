import { createPackagesListener, type PackagesListener } from './http/download/packages-listener.ts';
import type { DownloadHandler } from './http/download/download-handler.ts';
import type { HttpServer } from './http/http-server.ts';
import type { Platform } from './platform.ts';
import { listenerUrl } from './listener-url.ts';

/** As the ready file says them. */
export interface HttpAddresses {
  readonly http: string;
  readonly https: string | null;
  /** The package listener that devices are sent to: the one over TLS where both are on. */
  readonly packages: string | null;
  readonly packagesHttp: string | null;
}

/** Every listener that speaks HTTP: the APIs, and package downloads of their own where they are on. */
export interface HttpListeners {
  /** Rejects with a sentence that names port and setting. */
  start(): Promise<HttpAddresses>;
  /** Lets requests and transfers in hand finish within their grace; idempotent. */
  stop(): Promise<void>;
}

export interface HttpListenersParts {
  readonly platform: Platform;
  readonly server: HttpServer;
  readonly download: DownloadHandler;
}

export function createHttpListeners({ platform, server, download }: HttpListenersParts): HttpListeners {
  const { clock, log, random, config, certificate } = platform;
  const { host } = config.http;
  const common = { handle: download, host: { clock, log, random } };
  const packages = createPackagesListener(common);
  const securePackages = certificate && createPackagesListener({ ...common, tls: certificate });

  async function listenApis(): Promise<Pick<HttpAddresses, 'http' | 'https'>> {
    const { port, tlsPort } = config.http;
    const plain = await server.listen({ host, port, setting: 'MUSTER_HTTP_PORT' });
    const http = listenerUrl('http', host, plain.port);
    if (tlsPort === undefined || certificate === undefined) return { http, https: null };
    const tls = { ...certificate, clientCa: platform.clientCa };
    const secure = await server.listenTls({ host, port: tlsPort, setting: 'MUSTER_HTTPS_PORT' }, tls);
    return { http, https: listenerUrl('https', host, secure.port) };
  }

  async function listenPackages(): Promise<Pick<HttpAddresses, 'packages' | 'packagesHttp'>> {
    const { port, tlsPort } = config.packages;
    const listen = async (scheme: string, listener: PackagesListener | undefined, at: number | undefined) => {
      if (listener === undefined || at === undefined) return null;
      const setting = `MUSTER_PACKAGES_${scheme.toUpperCase()}_PORT`;
      return listenerUrl(scheme, host, (await listener.listen({ host, port: at, setting })).port);
    };
    const packagesHttp = await listen('http', packages, port);
    return { packages: (await listen('https', securePackages, tlsPort)) ?? packagesHttp, packagesHttp };
  }

  return {
    start: async () => ({ ...(await listenApis()), ...(await listenPackages()) }),
    async stop() {
      await Promise.all([server.close(), packages.close(), securePackages?.close()]);
    },
  };
}

/** `{base}` of download addresses (device 8.1). HTTPS serves no devices where it asks for client certificates. */
export function downloadBaseOf({ config, clientCa }: Platform, { http, https, packages }: HttpAddresses): string {
  return config.publicUrl ?? packages ?? (clientCa === undefined ? https : null) ?? http;
}
