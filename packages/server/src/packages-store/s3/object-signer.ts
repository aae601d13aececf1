import { type BinaryLike, createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { encodeStrictly, type ObjectAddress } from './object-address.ts';
import type { ObjectStoreSettings } from '../../domain/object-store-settings.ts';

export interface SignedRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly address: ObjectAddress;
  readonly headers?: Readonly<Record<string, string>>;
}

/** AWS Signature Version 4 with one store's keys; `at` in ms since epoch. */
export interface ObjectSigner {
  /** The headers that the request must have. */
  sign(request: SignedRequest, at: number): Promise<Readonly<Record<string, string>>>;
  /** The whole URL, of a GET. */
  presign(address: ObjectAddress, at: number, seconds: number): Promise<string>;
}

/** What stores accept: a week. */
const presignedSecondsMax = 604_800;

const bodyHash = 'x-amz-content-sha256';
/** What a URL says of the body goes into its signature alone: whoever follows it sends no such header. */
const unsent = { unhoistableHeaders: new Set([bodyHash]), unsignableHeaders: new Set([bodyHash]) };

export function createObjectSigner({ region, accessKeyId, secretAccessKey }: ObjectStoreSettings): ObjectSigner {
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    // S3 alone signs the path as it is sent.
    uriEscapePath: false,
  });
  return {
    async sign({ method, address, headers }, at) {
      const { protocol, path } = address;
      const request = {
        method,
        ...wire(address),
        headers: { ...headers, host: address.host },
        query: {},
        protocol,
        path,
      };
      return (await signer.sign(request, { signingDate: new Date(at) })).headers;
    },
    async presign(address, at, seconds) {
      const { protocol, host, path } = address;
      const headers = { host, [bodyHash]: 'UNSIGNED-PAYLOAD' };
      const request = { method: 'GET', ...wire(address), headers, query: {}, protocol, path };
      const { query = {} } = await signer.presign(request, {
        signingDate: new Date(at),
        expiresIn: Math.min(seconds, presignedSecondsMax),
        ...unsent,
      });
      const pairs = Object.entries(query).map(
        ([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(String(value))}`,
      );
      return `${protocol}//${host}${path}?${pairs.join('&')}`;
    },
  };
}

const wire = ({ host }: ObjectAddress): { hostname: string } => ({ hostname: host });

/** Node's hashes in the shape that the signer takes: keyed where it is made with a key. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }
  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(chunk));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('A hash of a signature is used once.');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): BinaryLike & NodeJS.ArrayBufferView {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
