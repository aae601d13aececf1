import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { readOrMake } from './kept-file.ts';
import { makeSelfSignedCertificate } from './self-signed-certificate.ts';

/** PEM texts. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface OwnCertificateParts {
  readonly dataDir: string;
  /** Names and addresses that clients reach this server by. */
  readonly hosts: readonly string[];
  /** The machine's own name: named, too, but missed by nobody when it changes, as those of containers do. */
  readonly machineName: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}

const certFile = 'tls-cert.pem';
const keyFile = 'tls-key.pem';
const dayMs = 86_400_000;
/** Replacing it means visiting every client that trusts it. */
const lifeMs = 10 * 365 * dayMs;

/**
 * The data folder's self-signed certificate and its key (mode 0600), made once and kept (operations page, Settings). Hosts that it
 * does not name, because they were set later, are a warning.
 */
export async function loadOwnCertificate(parts: OwnCertificateParts): Promise<ServerCertificate> {
  const { dataDir, clock, log } = parts;
  const hosts = parts.hosts.filter(isNameable);
  const paths = { cert: join(dataDir, certFile), key: join(dataDir, keyFile) };
  const key = await readOrMake(paths.key, makeKey);
  // A day back, for clients whose clocks are late.
  const notBefore = clock.now() - dayMs;
  const named = [...new Set([...hosts, parts.machineName].filter(isNameable))];
  const make = (): string =>
    makeSelfSignedCertificate({ privateKey: key, hosts: named, notBefore, notAfter: notBefore + lifeMs });
  const pair = { cert: await readOrMake(paths.cert, make), key };
  const certificate = checkPair(pair, paths);
  const missing = hosts.filter((host) => !namesHost(certificate, host));
  const fix = 'Delete the file to get a new one at the next start.';
  if (missing.length > 0)
    log.warn({ path: paths.cert, missing }, `the own certificate does not name every host. ${fix}`);
  if (certificate.validToDate.getTime() <= clock.now())
    log.warn({ path: paths.cert, validTo: certificate.validTo }, `the own certificate has expired. ${fix}`);
  return pair;
}

/** 2048 bits: what the oldest clients take and the newest still do. */
async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Listeners also take what no certificate can name, such as addresses with a zone. */
const isNameable = (host: string): boolean =>
  isIP(host) === 0 ? /^[A-Za-z0-9_.-]{1,253}$/.test(host) : !host.includes('%');

function namesHost(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

/** The files named by MUSTER_TLS_CERT and MUSTER_TLS_KEY. Throws a message that names the setting. */
export async function readCertificate(paths: ServerCertificatePaths): Promise<ServerCertificate> {
  const cert = await readPem(paths.cert, 'MUSTER_TLS_CERT');
  const key = await readPem(paths.key, 'MUSTER_TLS_KEY');
  checkPair({ cert, key }, { cert: `MUSTER_TLS_CERT ${paths.cert}`, key: `MUSTER_TLS_KEY ${paths.key}` });
  return { cert, key };
}

export interface ServerCertificatePaths {
  readonly cert: string;
  readonly key: string;
}

/** Certificates of authorities (PEM) in a file that a setting names. Throws a message that names the setting. */
export async function readAuthorities(path: string, setting: string): Promise<string> {
  const ca = await readPem(path, setting);
  parseCertificate(ca, `${setting} ${path}`);
  return ca;
}

async function readPem(path: string, setting: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`${setting} ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** `labels`: what messages call the two. Returns the server's own certificate, the first of its chain. */
function checkPair({ cert, key }: ServerCertificate, labels: ServerCertificatePaths): X509Certificate {
  const certificate = parseCertificate(cert, labels.cert);
  if (!certificate.checkPrivateKey(parseKey(key, labels.key))) {
    throw new Error(`${labels.cert} and ${labels.key} do not belong together.`);
  }
  return certificate;
}

function parseCertificate(pem: string, label: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new Error(`${label} holds no certificate in PEM.`, { cause: error });
  }
}

function parseKey(pem: string, label: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${label} holds no private key in PEM, or one with a passphrase.`, { cause: error });
  }
}
