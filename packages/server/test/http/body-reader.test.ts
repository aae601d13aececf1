import { once } from 'node:events';
import { connect } from 'node:net';
import { CreateRoleRequest } from '@muster/contract/v5';
import { afterEach, expect, it } from 'vitest';
import { defaultBodyLimits } from '../../src/http/body-reader.ts';
import { v5Route } from '../../src/http/v5/route.ts';
import { type ApiServer, type ApiServerOptions, startApiServer, testKey } from '../support/api-server.ts';
import { type HttpAnswer, call, signed } from '../support/http-client.ts';

const date = '20261122T015513Z';
const routes = [v5Route('AddDevice', { body: CreateRoleRequest, handle: () => ({}) })];

let server: ApiServer;
const start = async (options: ApiServerOptions = {}): Promise<void> => {
  server = await startApiServer({ routes, ...options });
};
afterEach(() => server.stop());

const signIn = (body: string): Promise<HttpAnswer> =>
  call(server.port, { method: 'POST', path: '/v3/auth/tokens', body });

function postRole(length: number): Promise<HttpAnswer> {
  const body = JSON.stringify({ user_id: 'u', project_id: 'p', role: 'viewer' }).padEnd(length);
  return call(server.port, signed(testKey, { method: 'POST', path: '/v5/iot/proj1/devices', body }, { date }));
}

it('a stranger may send 16 KiB and no more', async () => {
  await start();
  const refused = await signIn('{}'.padEnd(16 * 1024 + 1));
  expect([refused.status, refused.json]).toMatchObject([413, { error_code: 'IOTDA.000008' }]);
  expect(refused.text).toContain('16384 bytes');
  expect((await signIn('{}'.padEnd(16 * 1024))).status).toBe(400);
  expect((await postRole(100_000)).status).toBe(201);
});

it('a body that keeps coming, but slowly, is cut after a minute', async () => {
  await start();
  const socket = connect({ host: '127.0.0.1', port: server.port });
  const lines = ['POST /v3/auth/tokens HTTP/1.1', 'Host: a', 'Content-Length: 1000', 'Expect: 100-continue', '', '{'];
  socket.write(lines.join('\r\n'));
  // Sent when the request has reached its route, which then reads.
  await once(socket, 'data');
  await server.clock.advance(59_999);
  socket.write(' ');
  expect(socket.readableEnded).toBe(false);
  const closed = once(socket, 'close');
  await server.clock.advance(1);
  await closed;
  expect(server.clock.pending()).toEqual([]);
});

it('a body that the process has no room for is answered 503, and room comes back with each answer', async () => {
  await start({ bodyLimits: { ...defaultBodyLimits, heldBytesMax: { caller: 10_000, anybody: 1000 } } });
  for (let round = 0; round < 3; round++) {
    const refused = await postRole(10_001);
    expect([refused.status, refused.json]).toMatchObject([503, { error_code: 'IOTDA.000023' }]);
    expect((await postRole(10_000)).status).toBe(201);
    expect((await signIn('{}'.padEnd(1001))).status).toBe(503);
    expect((await signIn('{}'.padEnd(1000))).status).toBe(400);
  }
});

it('connections beyond the limit are closed at once', async () => {
  await start({
    limits: {
      requestTimeoutMs: 10_000,
      headersTimeoutMs: 10_000,
      keepAliveTimeoutMs: 1000,
      checkMs: 50,
      connectionsMax: 1,
    },
  });
  const first = connect({ host: '127.0.0.1', port: server.port });
  first.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(first, 'data');
  const second = connect({ host: '127.0.0.1', port: server.port });
  await once(second, 'close');
  first.destroy();
});

it('a body whose hash is declared is not awaited where the signature over the headers is wrong', async () => {
  await start();
  const path = '/v5/iot/proj1/devices';
  for (const contentSha256 of ['UNSIGNED-PAYLOAD', 'a'.repeat(64)]) {
    const forged = signed({ ...testKey, secretKey: 'guessed' }, { method: 'POST', path }, { date, contentSha256 });
    const headers = Object.entries(forged.headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
    const socket = connect({ host: '127.0.0.1', port: server.port });
    socket.write([`POST ${path} HTTP/1.1`, ...headers, 'Content-Length: 1000000', '', '{'].join('\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  }
});
