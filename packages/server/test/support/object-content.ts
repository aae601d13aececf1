import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectBody } from '../../src/packages-store/s3/object-client.ts';

export function contentOf(content: string | Buffer): ObjectBody {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { stream: Readable.from(bytes.length === 0 ? [] : [bytes]), size: bytes.length, sha256 };
}
