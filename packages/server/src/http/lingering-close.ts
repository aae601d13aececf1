import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpClock } from './host.ts';

export interface LingerLimits {
  readonly bytesMax: number;
  readonly forMs: number;
}

const defaultLinger: LingerLimits = { bytesMax: 64 * 1024 * 1024, forMs: 10_000 };

/**
 * Lets a client that writes its whole body before it reads get a refusal that was answered in the middle of it: after the answer to
 * `Connection: close` the rest is read and dropped for a while (RFC 9112 9.6). Closed at once, the connection would be reset under
 * the client's hands and the answer be lost. `unread` is the socket's current request.
 */
export function closeLingering(
  socket: Socket,
  unread: () => IncomingMessage | undefined,
  { clock, limits = defaultLinger }: { readonly clock: HttpClock; readonly limits?: LingerLimits },
): void {
  const close = socket.destroySoon.bind(socket);
  // What Node calls behind the last answer of a connection; it has no other hook there.
  socket.destroySoon = () => {
    const message = unread();
    if (message === undefined || message.complete || socket.destroyed) {
      close();
      return;
    }
    const readMax = socket.bytesRead + limits.bytesMax;
    const timer = clock.setTimer(limits.forMs, () => socket.destroy());
    socket.once('close', () => timer.cancel());
    // The message is silent: Node drops what nobody wants before it gets there.
    socket.on('data', () => {
      if (socket.bytesRead > readMax) socket.destroy();
    });
    message.once('end', close);
    message.resume();
    socket.end();
  };
}
