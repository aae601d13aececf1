import {
  type CipherGCM,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type DecipherGCM,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import type { SecretBox } from '../ports/secret-box.ts';

/** What a box is for. Each has a key of its own, so that a text sealed for one purpose does not open for another. */
export type SealPurpose = 'stored-secrets' | 'tokens';

/** Says how a text was sealed, so that another way can follow without losing what stands. */
const version = 'v1.';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a key derived from the master key (32 bytes). Sealed: `v1.` and base64url of nonce, tag, cipher text. */
export function createSecretBox(masterKey: Uint8Array, purpose: SealPurpose): SecretBox {
  if (masterKey.length !== 32) throw new Error('The master key must have 32 bytes.');
  // Made once: from bytes every call would make it again, at three times the cost of the sealing.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', `muster ${purpose}`, 32)));
  const nextNonce = createNonces();
  return {
    seal: (clear) => {
      const cipher = cipherOf(key, nextNonce());
      return sealed(cipher, cipher.cipher.update(clear, 'utf8'));
    },
    open: (sealedText) => {
      const { decipher, body } = decipherOf(key, sealedText);
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
    },
    sealBytes: (clear) => {
      const cipher = cipherOf(key, nextNonce());
      return sealed(cipher, cipher.cipher.update(clear));
    },
    openBytes: (sealedText) => {
      const { decipher, body } = decipherOf(key, sealedText);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    },
  };
}

/** Random bytes cost a call into the system each time: they are fetched for many nonces at once, and each is given once. */
function createNonces(): () => Buffer {
  const pool = Buffer.alloc(nonceBytes * 1024);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += nonceBytes;
    return pool.subarray(at - nonceBytes, at);
  };
}

interface Sealing {
  readonly cipher: CipherGCM;
  readonly nonce: Buffer;
}

const cipherOf = (key: KeyObject, nonce: Buffer): Sealing => ({
  cipher: createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }),
  nonce,
});

function sealed({ cipher, nonce }: Sealing, body: Buffer): string {
  const rest = cipher.final();
  return version + Buffer.concat([nonce, cipher.getAuthTag(), body, rest]).toString('base64url');
}

function decipherOf(key: KeyObject, text: string): { readonly decipher: DecipherGCM; readonly body: Buffer } {
  if (!text.startsWith(version)) throw new Error('The text was not sealed by this version.');
  const bytes = Buffer.from(text.slice(version.length), 'base64url');
  if (bytes.length < nonceBytes + tagBytes) throw new Error('The sealed text is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return { decipher, body: bytes.subarray(nonceBytes + tagBytes) };
}
