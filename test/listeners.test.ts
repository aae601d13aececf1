import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { V5Client } from '@muster/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectPacket, RawClient } from '../packages/server/test/mqtt/fixture/raw-client.ts';
import { devicePassword } from '@muster/simulator';
import { testCertificate } from '../packages/server/test/mqtt/fixture/test-certificate.ts';
import { openPlain, openSecure, rawRequest } from '../packages/server/test/http/download/raw-http.ts';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { createSecureSite, portOf, type SecureAddresses } from './support/secure-site.ts';

const timeout = 60_000;
const secret = '12345678';
const timestamp = '2025041401';

async function createDevice(client: V5Client, productId: string, secureAccess: boolean): Promise<string> {
  const { device_id: deviceId } = await client.devices.create({
    node_id: `node-${secureAccess}`,
    product_id: productId,
    auth_info: { secret, secure_access: secureAccess },
  });
  return deviceId;
}

async function openDevice(address: string): Promise<RawClient> {
  const { protocol } = new URL(address);
  const client = await (protocol === 'mqtts:' ? RawClient.openTls(portOf(address)) : RawClient.open(portOf(address)));
  onTestFinished(() => {
    client.socket.destroy();
  });
  return client;
}

/** The CONNACK code of this device at this listener. */
async function signIn(address: string, deviceId: string): Promise<number | undefined> {
  return (await openDevice(address)).signIn(connectPacket({ deviceId, secret }));
}

/** Status of GET /healthz; rejects where the handshake fails. */
async function healthOver(address: string, tls: ConnectionOptions): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const options = { host: '127.0.0.1', port: portOf(address), path: '/healthz', agent: false, ...tls };
  request(options, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on('error', reject)
    .end();
  return promise;
}

interface Offer {
  readonly url: string;
  readonly access_token: string;
}

/** Starts an upgrade of a device and lets it answer up to the offer. */
async function takeOffer(client: V5Client, { mqtts }: SecureAddresses): Promise<Offer> {
  const productId = await createProduct(client);
  const deviceId = await createDevice(client, productId, true);
  const packageId = await uploadFirmware(client, productId);
  const device = await openDevice(mqtts);
  expect(await device.signIn(connectPacket({ deviceId, secret }))).toBe(0);
  await client.batchTasks.create({
    task_name: 'upgrade',
    task_type: 'firmwareUpgrade',
    targets: [deviceId],
    document: { package_id: packageId },
  });
  await device.nextOf('publish');
  const paras = { fw_version: '1.0', sw_version: '1.0' };
  const report = { services: [{ service_id: '$ota', event_type: 'version_report', paras }] };
  device.publish({ topic: `$oc/devices/${deviceId}/sys/events/up`, payload: JSON.stringify(report) });
  const { payload } = await device.nextOf('publish');
  const { services } = JSON.parse(payload.toString()) as { services: readonly { readonly paras: Offer }[] };
  const [offered] = services;
  if (offered === undefined) throw new Error('An offer without an entry came.');
  return offered.paras;
}

/** A request as the C library writes it. */
const carelessRequest = ({ url, access_token: token }: Offer): string =>
  `GET ${new URL(url).pathname} HTTP/1.1\nHost:x\nAuthorization:Bearer ${token}\n\n`;

describe('Listeners over TLS', { timeout }, () => {
  it('take a device that may connect over TLS only, which plain MQTT refuses despite the right password', async () => {
    const site = await createSecureSite();
    const { http, mqtt, mqtts } = await site.start();
    const client = await site.client(http);
    const productId = await createProduct(client);
    const secureOnly = await createDevice(client, productId, true);
    const any = await createDevice(client, productId, false);
    expect(await signIn(mqtt, secureOnly)).toBe(5);
    expect(await signIn(mqtts, secureOnly)).toBe(0);
    expect([await signIn(mqtt, any), await signIn(mqtts, any)]).toEqual([0, 0]);
  });

  it('serve the same API, and keep their certificate when the server starts again', async () => {
    const site = await createSecureSite();
    const { https } = await site.start();
    const client = await site.client(https);
    const productId = await createProduct(client);
    const certificate = await site.ownCertificate();
    await site.stop();
    const again = await site.start();
    expect(await site.ownCertificate()).toBe(certificate);
    expect(await healthOver(again.https, { ca: certificate })).toBe(200);
    expect(await (await site.client(again.https)).products.get(productId)).toMatchObject({ product_id: productId });
  });

  it('[device 64] give a device that reports over HTTP a token, which is good over TLS alone until it is frozen', async () => {
    const site = await createSecureSite();
    const { http, https } = await site.start();
    const client = await site.client(http);
    const deviceId = await createDevice(client, await createProduct(client), true);
    const send = await site.fetch();
    const password = devicePassword(secret, timestamp);
    const post = (base: string, path: string, body: unknown, token = ''): Promise<Response> =>
      send(`${base}${path}`, { method: 'POST', headers: { access_token: token }, body: JSON.stringify(body) });
    const credentials = { device_id: deviceId, sign_type: 0, timestamp, password };
    expect((await post(http, '/v5/device-auth', credentials)).status).toBe(401);
    const signedIn = await post(https, '/v5/device-auth', credentials);
    const { access_token: token } = (await signedIn.json()) as { access_token: string };
    const report = (base: string): Promise<Response> =>
      post(base, `/v5/devices/${deviceId}/sys/properties/report`, { services: [] }, token);
    expect([(await report(https)).status, (await report(http)).status]).toEqual([200, 403]);
    await client.devices.freeze(deviceId);
    await client.devices.unfreeze(deviceId);
    expect((await report(https)).status).toBe(403);
  });

  it('use the certificate that the settings name, and make none', async () => {
    const site = await createSecureSite();
    const files = await writeCertificate(`${site.dataDir}-given`);
    const { https, mqtts, packages } = await site.start({ MUSTER_TLS_CERT: files.cert, MUSTER_TLS_KEY: files.key });
    for (const address of [https, mqtts, packages]) {
      const socket = connectTls({ host: '127.0.0.1', port: portOf(address), ca: testCertificate.cert });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    }
    await expect(site.ownCertificate()).rejects.toThrow('ENOENT');
  });

  it('let only clients with a certificate use HTTPS where an authority is named', async () => {
    const site = await createSecureSite();
    const files = await writeCertificate(`${site.dataDir}-given`);
    const { http, https, packages, mqtts } = await site.start({ MUSTER_TLS_CLIENT_CA: files.cert });
    const ca = await site.ownCertificate();
    await expect(healthOver(https, { ca })).rejects.toThrow();
    expect(await healthOver(https, { ca, ...testCertificate })).toBe(200);
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    // Devices have no certificate to show.
    expect(await healthOver(packages, { ca })).toBe(404);
    expect((await openDevice(mqtts)).socket.destroyed).toBe(false);
  });

  it('outlive whatever is no TLS, and whoever goes away during the handshake', async () => {
    const site = await createSecureSite();
    const { https, mqtts, packages } = await site.start();
    for (const address of [https, mqtts, packages]) {
      const plain = connect({ host: '127.0.0.1', port: portOf(address) }).on('error', () => undefined);
      plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      plain.resume();
      await once(plain, 'close');
      const leaving = connect({ host: '127.0.0.1', port: portOf(address) });
      await once(leaving, 'connect');
      leaving.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
      leaving.destroy();
    }
    expect(await healthOver(https, { ca: await site.ownCertificate() })).toBe(200);
  });
});

async function writeCertificate(prefix: string): Promise<{ cert: string; key: string }> {
  const files = { cert: join(`${prefix}-cert.pem`), key: join(`${prefix}-key.pem`) };
  await writeFile(files.cert, testCertificate.cert);
  await writeFile(files.key, testCertificate.key);
  return files;
}

describe('The package listener', { timeout }, () => {
  it('[device 59] takes a careless request that the main listener refuses', async () => {
    const site = await createSecureSite();
    const addresses = await site.start();
    const offer = await takeOffer(await site.client(addresses.http), addresses);
    expect(offer.url.startsWith(`${addresses.packages}/`)).toBe(true);
    const text = carelessRequest(offer);

    const answer = await rawRequest(openSecure(portOf(addresses.packages)), text);
    expect(answer.statusLine).toMatch(/^HTTP\/1\.1 200/);
    expect(answer.headers).toContain(`Content-Length: ${answer.body.length}`);
    expect(answer.headers.join('\n')).toContain('filename=press-2.4.0.bin');
    expect(answer.firstRead).toContain('\r\n\r\n');
    expect((await rawRequest(openPlain(portOf(addresses.packagesHttp)), text)).statusLine).toMatch(/ 200 /);

    expect((await rawRequest(openSecure(portOf(addresses.https)), text)).statusLine).toMatch(/ 400 /);
    expect((await rawRequest(openPlain(portOf(addresses.http)), text)).statusLine).toMatch(/ 400 /);
  });

  it('gives way to a public address, which is handed out as it stands', async () => {
    const site = await createSecureSite();
    const addresses = await site.start({ MUSTER_PUBLIC_URL: 'https://muster.example.com' });
    const { url } = await takeOffer(await site.client(addresses.http), addresses);
    expect(url.startsWith('https://muster.example.com:443/iodm/')).toBe(true);
  });
});
