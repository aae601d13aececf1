import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RawAnswer {
  /** What the first read of the client got. */
  readonly firstRead: string;
  readonly statusLine: string;
  /** Lines as they were spelled. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export const openPlain = (port: number): Socket => connect({ port, host: '127.0.0.1' });

/** As the C SDK: no server name, no check of the certificate. */
export const openSecure = (port: number): Socket => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });

/** Sends the text as it stands and reads until the server closes. */
export async function rawRequest(socket: Socket, text: string): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n');
  const [statusLine = '', ...headers] = whole.subarray(0, end).toString('latin1').split('\r\n');
  return {
    firstRead: (chunks[0] ?? Buffer.alloc(0)).toString('latin1'),
    statusLine,
    headers,
    body: whole.subarray(end + 4),
  };
}
