import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createPackagesListener } from '../../../src/http/download/packages-listener.ts';
import { createLog } from '../../../src/system/log.ts';
import { useDownloadFixture } from './download-fixture.ts';
import { openPlain, openSecure, rawRequest } from './raw-http.ts';

const fixture = useDownloadFixture();

/** As the C SDK writes it: lines end in LF alone, no blank behind the colon. */
const carelessRequest = (path: string, token: string): string =>
  `GET ${path} HTTP/1.1\nHost:127.0.0.1\nContent-Type:application/json\nAuthorization:Bearer ${token}\n\n`;

test('[device 59] LF-only lines and Authorization without a blank over TLS answer 200 as the C SDK reads it', async () => {
  const content = randomBytes(200_000);
  const { path, token } = await fixture().offered({ content, fileName: 'fw 固.bin' });
  const answer = await rawRequest(openSecure(fixture().ports.secure), carelessRequest(path, token));
  expect(answer.statusLine).toMatch(/^HTTP\/1\.1 200/);
  expect(answer.headers[0]).toBe('Content-Length: 200000');
  expect(answer.headers).toContain(
    `Content-Disposition: attachment; filename=fw__.bin; filename*=UTF-8''fw%20%E5%9B%BA.bin`,
  );
  expect(answer.headers).toContain('Connection: close');
  const names = answer.headers.map((line) => line.split(':', 1)[0]?.toLowerCase());
  expect(names).not.toContain('transfer-encoding');
  expect(names).not.toContain('content-encoding');
  const head = answer.firstRead.indexOf('\r\n\r\n');
  expect(head).toBeGreaterThan(0);
  expect(head).toBeLessThan(2048);
  expect(answer.body).toEqual(content);
});

test('[device 59] the same request is served without TLS on the package listener and refused on the main one', async () => {
  const { path, token } = await fixture().offered();
  const answer = await rawRequest(openPlain(fixture().ports.plain), carelessRequest(path, token));
  expect(answer.statusLine).toMatch(/^HTTP\/1\.1 200/);
  expect(answer.body.toString()).toBe('firmware');
  const refused = await rawRequest(openPlain(fixture().ports.main), carelessRequest(path, token));
  expect(refused.statusLine).toMatch(/^HTTP\/1\.1 400/);
});

test('the main listener spells Content-Length likewise and puts its request id last', async () => {
  const { path, token } = await fixture().offered();
  const text = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const { headers, firstRead } = await rawRequest(openPlain(fixture().ports.main), text);
  expect(headers[0]).toBe('Content-Length: 8');
  expect(headers.filter((line) => /^X-Request-Id: [0-9a-f]{32}$/.test(line))).toHaveLength(1);
  expect(firstRead).toContain('\r\n\r\n');
});

test('the package listener serves nothing else and refuses bodies', async () => {
  const { path, token } = await fixture().offered();
  const statusOf = async (text: string) =>
    (await rawRequest(openPlain(fixture().ports.plain), text)).statusLine.split(' ')[1];
  const authorization = `Host: x\r\nAuthorization: Bearer ${token}\r\n`;
  expect(await statusOf(`GET /healthz HTTP/1.1\r\n${authorization}\r\n`)).toBe('404');
  expect(await statusOf(`GET ${path.replace('/devices/', '/devices/%ff')} HTTP/1.1\r\n${authorization}\r\n`)).toBe(
    '404',
  );
  expect(await statusOf(`GET /v5/iot/p/devices HTTP/1.1\r\n${authorization}\r\n`)).toBe('404');
  expect(await statusOf(`GET ${path} HTTP/1.1\r\n${authorization}Content-Length: 3\r\n\r\nabc`)).toBe('400');
  expect(await statusOf(`GET ${path} HTTP/1.1\r\n${authorization}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toBe(
    '400',
  );
  expect(await statusOf(`POST ${path} HTTP/1.1\r\n${authorization}Content-Length: 0\r\n\r\n`)).toBe('405');
  expect(await statusOf(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).toBe('401');
  expect(
    await statusOf(`GET ${path} HTTP/1.1\r\n${authorization}\r\nGET ${path} HTTP/1.1\r\n${authorization}\r\n`),
  ).toBe('200');
  expect(await statusOf('\x16\x03\x01garbage\r\n\r\n')).toBe('400');
});

test('a range is served on the package listener', async () => {
  const { path, token } = await fixture().offered();
  const text = `GET ${path} HTTP/1.1\nAuthorization:Bearer ${token}\nRange:bytes=4-\n\n`;
  const answer = await rawRequest(openPlain(fixture().ports.plain), text);
  expect(answer.statusLine).toMatch(/^HTTP\/1\.1 206/);
  expect(answer.body.toString()).toBe('ware');
});

test('a taken port is an error that names port and setting', async () => {
  const { plain, ports } = fixture();
  const log = createLog({ level: 'silent', format: 'json' });
  const host = { clock: fixture().clock, log, random: { bytes: () => new Uint8Array(16) } };
  const second = createPackagesListener({ handle: () => Promise.resolve(), host });
  const setting = 'MUSTER_PACKAGES_HTTP_PORT';
  const listening = second.listen({ host: '127.0.0.1', port: ports.plain, setting });
  await expect(listening).rejects.toThrow(new RegExp(`${ports.plain}.*${setting}.*taken`));
  await second.close();
  await plain.close();
  await plain.close();
});

test('transfers that do not end within the grace are cut when the listener closes', async () => {
  const { path, token } = await fixture().offered({ content: Buffer.alloc(64 * 1024 * 1024) });
  const socket = openPlain(fixture().ports.plain);
  socket.on('error', () => {});
  socket.write(carelessRequest(path, token));
  await once(socket, 'readable');
  const closing = fixture().plain.close(1000);
  await fixture().clock.advance(1000);
  await closing;
  socket.resume();
  await once(socket, 'close');
});
