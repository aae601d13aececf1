import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { makeSelfSignedCertificate } from '../../src/system/self-signed-certificate.ts';

/** What a device proves itself with; PEM texts, and the fingerprints that its owner registers. */
export interface DeviceCertificate {
  readonly cert: string;
  readonly key: string;
  readonly sha1: string;
  readonly sha256: string;
}

const day = 86_400_000;

/** Self-signed with a key of its own; valid now unless told otherwise. */
export function makeDeviceCertificate({ notBefore = Date.now() - day, notAfter = Date.now() + day } = {}) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const cert = makeSelfSignedCertificate({ privateKey: key, hosts: ['device'], notBefore, notAfter });
  const { fingerprint, fingerprint256 } = new X509Certificate(cert);
  const hexOf = (text: string): string => text.replaceAll(':', '').toLowerCase();
  return { cert, key, sha1: hexOf(fingerprint), sha256: hexOf(fingerprint256) } satisfies DeviceCertificate;
}
