import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadOwnCertificate, readCertificate, readAuthorities } from '../../src/system/server-certificate.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { testCertificate } from '../mqtt/fixture/test-certificate.ts';

let dataDir: string;
let warnings: Readonly<Record<string, unknown>>[];
const hosts = ['localhost', '127.0.0.1', 'muster.example.com'];
const clock = createManualClock();

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'muster-certificate-'));
  warnings = [];
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function load(names: readonly string[] = hosts, machineName = 'machine-1') {
  const warn = (fields: Readonly<Record<string, unknown>>): void => void warnings.push(fields);
  return loadOwnCertificate({ dataDir, hosts: names, machineName, clock, log: { warn } });
}

describe('the own certificate', () => {
  it('names the hosts, lasts ten years and is no certificate authority', async () => {
    const { cert } = await load();
    const certificate = new X509Certificate(cert);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, DNS:muster.example.com, DNS:machine-1',
    );
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(certificate.validFromDate.getTime()).toBeLessThan(clock.now());
    expect(certificate.validToDate.getTime() - clock.now()).toBeGreaterThan(9.9 * 365 * 86_400_000);
    expect(warnings).toEqual([]);
  });

  it('is made once, readable by its owner alone', async () => {
    const [first, second] = await Promise.all([load(), load()]);
    expect(second).toEqual(first);
    expect(await load()).toEqual(first);
    expect((await readdir(dataDir)).toSorted()).toEqual(['tls-cert.pem', 'tls-key.pem']);
    expect((await stat(join(dataDir, 'tls-key.pem'))).mode & 0o777).toBe(0o600);
  });

  it('is made from the key that is there already', async () => {
    const { key } = await load();
    await rm(join(dataDir, 'tls-cert.pem'));
    const again = await load();
    expect(again.key).toBe(key);
    expect(new X509Certificate(again.cert).subjectAltName).toContain('muster.example.com');
  });

  it('is kept, with a warning, where a host was set later', async () => {
    const first = await load();
    expect(await load([...hosts, 'new.example.com', '10.0.0.1'])).toEqual(first);
    expect(warnings).toMatchObject([{ missing: ['new.example.com', '10.0.0.1'] }]);
  });

  it('is kept without a word where the machine has another name now', async () => {
    const first = await load();
    expect(await load(hosts, 'machine-2')).toEqual(first);
    expect(warnings).toEqual([]);
  });

  it('leaves out what no certificate can name', async () => {
    const { cert } = await load([...hosts, 'fe80::1%eth0', 'a b'], 'Büro');
    expect(new X509Certificate(cert).subjectAltName).not.toMatch(/fe80|a b|ro/);
  });

  it('stops the start where its key is another one', async () => {
    await load();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(join(dataDir, 'tls-key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(load()).rejects.toThrow(/tls-cert\.pem and .*tls-key\.pem do not belong together/);
  });

  it.each(['localhost', '127.0.0.1'])('is trusted by a client that was given it and calls %s', async (host) => {
    const own = await loadOwnCertificate({
      dataDir,
      hosts,
      machineName: 'machine',
      clock: createRealClock(),
      log: { warn: () => undefined },
    });
    const server = createServer(own, (socket) => socket.end());
    onTestFinished(() => void server.close());
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host, port, ca: own.cert, ...(host === 'localhost' && { servername: host }) });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });
});

describe('a given certificate', () => {
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(dataDir, name), text);
    return join(dataDir, name);
  };

  it('is read with its key', async () => {
    const paths = { cert: await write('c.pem', testCertificate.cert), key: await write('k.pem', testCertificate.key) };
    expect(await readCertificate(paths)).toEqual(testCertificate);
    expect(await readAuthorities(paths.cert, 'MUSTER_TLS_CLIENT_CA')).toBe(await readFile(paths.cert, 'utf8'));
  });

  it('is refused with the name of its setting where it is missing, no PEM, or of another key', async () => {
    const cert = await write('c.pem', testCertificate.cert);
    const bad = await write('bad.pem', 'none');
    const { key } = await load();
    await expect(readCertificate({ cert: join(dataDir, 'x'), key: cert })).rejects.toThrow(
      /^MUSTER_TLS_CERT .*cannot be/,
    );
    await expect(readCertificate({ cert: bad, key: bad })).rejects.toThrow(/^MUSTER_TLS_CERT .*no certificate/);
    await expect(readCertificate({ cert, key: bad })).rejects.toThrow(/^MUSTER_TLS_KEY .*no private key/);
    await expect(readCertificate({ cert, key: await write('o.pem', key) })).rejects.toThrow('do not belong together');
    await expect(readAuthorities(bad, 'MUSTER_TLS_CLIENT_CA')).rejects.toThrow(
      /^MUSTER_TLS_CLIENT_CA .*no certificate/,
    );
  });
});
