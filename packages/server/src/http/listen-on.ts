import type { AddressInfo, Server } from 'node:net';

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** For the message when the port is taken. */
  readonly setting: string;
}

/** Resolves with the address that is really listened on; rejects with a sentence that names port, setting and fix. */
export function listenOn(server: Server, where: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(error, where));
    server.once('error', onError);
    server.listen({ host: where.host, port: where.port }, () => {
      server.off('error', onError);
      resolve(server.address() as AddressInfo);
    });
  });
}

export function listenError(error: Error & { code?: string }, { host, port, setting }: ListenOptions): Error {
  if (error.code !== 'EADDRINUSE') {
    return new Error(`Cannot listen on ${host}:${port} (${setting}): ${error.message}`, { cause: error });
  }
  const fix = `Stop what uses it, or set ${setting} to another port (0 picks a free one).`;
  return new Error(`Port ${port} on ${host} (${setting}) is taken. ${fix}`, { cause: error });
}
