const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export const utf8Bytes = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

const toHex = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 of a text (UTF-8) or of bytes, 64 lower-case hex digits. WebCrypto: browsers offer it on secure origins only. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === 'string' ? utf8Bytes(data) : data;
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}

async function hmacSha256(key: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, message);
}

/** HMAC-SHA256 as raw bytes, for keys that are made from it. */
export async function hmacSha256Bytes(key: string, message: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await hmacSha256(utf8Bytes(key), utf8Bytes(message)));
}

/** HMAC-SHA256 as 64 lower-case hex digits. */
export async function hmacSha256Hex(key: string | Uint8Array<ArrayBuffer>, message: string): Promise<string> {
  const keyBytes = typeof key === 'string' ? utf8Bytes(key) : key;
  return toHex(await hmacSha256(keyBytes, utf8Bytes(message)));
}
