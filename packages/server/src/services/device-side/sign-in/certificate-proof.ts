import { createHash } from 'node:crypto';
import type { DeviceAuth } from '../../../domain/device.ts';

/** `first`: the device has no fingerprint yet, and takes this certificate's if nothing else speaks against it (device 1.3). */
export type CertificateProof = 'right' | 'wrong' | 'first';

/** SHA-256 of the certificate as it was sent (DER), 64 lower-case hex digits. */
export const fingerprintOf = (certificate: Buffer): string => createHash('sha256').update(certificate).digest('hex');

/**
 * Whether a certificate, whose key the peer has shown in its handshake, is that of the device. Issuer and dates say nothing: devices
 * have self-signed ones, and clocks that nobody has set.
 */
export function certificateProof(
  { fingerprint, secondaryFingerprint }: Pick<DeviceAuth, 'fingerprint' | 'secondaryFingerprint'>,
  certificate: Buffer | undefined,
): CertificateProof {
  if (certificate === undefined) return 'wrong';
  const stored = [fingerprint, secondaryFingerprint].filter((value) => value !== undefined);
  if (stored.length === 0) return 'first';
  return stored.some((one) => isFingerprintOf(one, certificate)) ? 'right' : 'wrong';
}

/** device 1.3: 40 hex digits are a SHA-1, 64 a SHA-256; owners write them in either case. */
function isFingerprintOf(stored: string, certificate: Buffer): boolean {
  const algorithm = stored.length === 40 ? 'sha1' : 'sha256';
  return createHash(algorithm).update(certificate).digest('hex') === stored.toLowerCase();
}
