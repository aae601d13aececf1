import { connect, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../src/domain/problem.ts';
import { receiveFile, registerMultipart } from '../../src/http/receive-file.ts';

const idleMs = 200;

/** A server whose one route keeps a file; what became of the uploads. */
async function start() {
  const app = fastify();
  registerMultipart(app);
  const ended: unknown[] = [];
  app.post('/', async (request) => {
    try {
      const call = { request, bodyVerified: () => Promise.resolve() } as unknown as Parameters<typeof receiveFile>[0];
      ended.push(await receiveFile(call, async (name, body) => `${name}: ${(await buffer(body)).length}`, idleMs));
    } catch (error) {
      ended.push(error);
    }
    return '';
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return { ended, socket };
}

const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
const headOf = (length: number): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${length}\r\n\r\n`;

test.each([
  ['before the part', ''],
  ['in the middle of the file', `${part}device_id\n`],
])('a client that says nothing more %s is given up', async (_where, said) => {
  const { ended, socket } = await start();
  socket.write(headOf(9000) + said);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).resume();
  await closed;
  await expect.poll(() => ended).toEqual([expect.any(Problem)]);
  expect(ended[0]).toMatchObject({ problem: 'badRequest' });
});
