import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of the next COMMIT: it arrives and its answer does not, it does not arrive, or all is as it should be. */
export type Cut = 'answer' | 'commit' | 'nothing';

/** Stands between a store and its server and cuts the line at the worst moment. */
export interface CuttingProxy {
  /** The server's, with the proxy's address in place of its own. */
  readonly url: string;
  /** Once, at the next COMMIT. */
  next: Cut;
  /** How often it has cut. */
  readonly cuts: number;
  /** Nobody gets in until `open`, and whoever is in is thrown out. */
  close(): void;
  open(): void;
  stop(): Promise<void>;
}

const commit = Buffer.from('COMMIT');

export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const state = { next: 'nothing' as Cut, cuts: 0 };

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
    if (!isOpen) near.destroy();
    far.on('data', (chunk) => near.write(chunk));
    near.on('data', (chunk) => {
      if (state.next === 'nothing' || !chunk.includes(commit)) return far.write(chunk);
      const cut = state.next;
      state.next = 'nothing';
      state.cuts += 1;
      if (cut === 'commit') return near.destroy();
      // The server gets it and works it off; nobody is there to hear of it.
      far.removeAllListeners('data');
      far.write(chunk, () => near.destroy());
      return undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    get next() {
      return state.next;
    },
    set next(cut) {
      state.next = cut;
    },
    get cuts() {
      return state.cuts;
    },
    close() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
