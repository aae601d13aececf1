import type { ObjectStoreSettings } from '../../domain/object-store-settings.ts';

/** Where an object is asked for. Everything is encoded as it goes over the wire. */
export interface ObjectAddress {
  readonly protocol: string;
  /** With the port, unless it is the protocol's own: what is signed and what clients send. */
  readonly host: string;
  readonly path: string;
}

const bucketShape = /^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/**
 * Undefined: a sentence why not. URL classes, those of devices among them, resolve `.` and `..` even where they are encoded: such a key
 * would be another one, perhaps of another bucket.
 */
export function objectionTo(bucket: string, key: string): string | undefined {
  if (!bucketShape.test(bucket)) return 'The name of the bucket is not valid.';
  const parts = key.split('/');
  if (parts.includes('.') || parts.includes('..')) return 'The key has the part . or .. and cannot be put into a URL.';
  // Device 7.3: the last part is the file's name.
  return parts.at(-1) === '' ? 'The key has no file name at its end.' : undefined;
}

/** `bucket` and `key` have no objection against them. */
export function addressOf(store: ObjectStoreSettings, bucket: string, key: string): ObjectAddress {
  const { protocol, host, pathname } = new URL(store.endpoint);
  const base = pathname.replace(/\/$/, '');
  const object = key.split('/').map(encodeStrictly).join('/');
  return store.pathStyle
    ? { protocol, host, path: `${base}/${bucket}/${object}` }
    : { protocol, host: `${bucket}.${host}`, path: `${base}/${object}` };
}

/** As signatures want it: everything but letters, digits and `-._~`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
