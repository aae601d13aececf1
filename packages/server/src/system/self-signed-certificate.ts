import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface SelfSignedWish {
  /** PEM; RSA. */
  readonly privateKey: string;
  /** Host names and IP addresses that the certificate stands for. */
  readonly hosts: readonly string[];
  /** ms since epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A server certificate (PEM) signed with its own key: X.509 v3, SHA-256 with RSA, which every client of the last fifteen years takes. */
export function makeSelfSignedCertificate(wish: SelfSignedWish): string {
  const key = createPrivateKey(wish.privateKey);
  const tbsCertificate = describe(wish, createPublicKey(key));
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), key);
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: sha256WithRsa(),
    signatureValue: bytesOf(signature),
  });
  return encodePem(Buffer.from(AsnConvert.serialize(certificate)));
}

/** PKCS #1, `sha256WithRSAEncryption`; its parameters are NULL and must be written. */
const sha256WithRsa = (): x509.AlgorithmIdentifier =>
  new x509.AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: bytesOf(Buffer.from([5, 0])) });

function describe(wish: SelfSignedWish, publicKey: KeyObject): x509.TBSCertificate {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = commonName('Muster');
  return new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: bytesOf(serialNumber()),
    signature: sha256WithRsa(),
    issuer: name,
    subject: name,
    validity: new x509.Validity({ notBefore: new Date(wish.notBefore), notAfter: new Date(wish.notAfter) }),
    subjectPublicKeyInfo: AsnConvert.parse(spki, x509.SubjectPublicKeyInfo),
    extensions: extensionsOf(wish.hosts, createHash('sha1').update(spki).digest()),
  });
}

/** RFC 5280 4.1.2.2: positive, at most 20 bytes. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function commonName(text: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: text });
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: '2.5.4.3', value })]),
  ]);
}

/** Not a certificate authority: who trusts it trusts this server, and nothing else that its key might sign. */
function extensionsOf(hosts: readonly string[], keyId: Buffer): x509.Extensions {
  const usage = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
  const names = hosts.map((host) => new x509.GeneralName(isIP(host) === 0 ? { dNSName: host } : { iPAddress: host }));
  const extension = (extnID: string, critical: boolean, value: unknown): x509.Extension =>
    new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  return new x509.Extensions([
    extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints({ cA: false })),
    extension(x509.id_ce_keyUsage, true, new x509.KeyUsage(usage)),
    extension(x509.id_ce_extKeyUsage, false, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
    extension(x509.id_ce_subjectKeyIdentifier, false, new x509.SubjectKeyIdentifier(bytesOf(keyId))),
    extension(x509.id_ce_subjectAltName, false, new x509.SubjectAlternativeName(names)),
  ]);
}

const bytesOf = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;

function encodePem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
