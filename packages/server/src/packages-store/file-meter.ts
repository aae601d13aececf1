import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { Problem } from '../domain/problem.ts';

export interface FileMeter {
  /** Hands everything on; fails with packageFileUnusable at the first byte too many. */
  readonly stream: Transform;
  /** Bytes and SHA-256 (lower hex) of what passed; once, at the end. */
  result(): { size: number; sha256: string };
}

/** Measures a file on its way to wherever it is kept. */
export function createFileMeter(maxBytes: number): FileMeter {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) {
        done(new Problem('packageFileUnusable', { field: 'file', args: [`It exceeds ${maxBytes} bytes.`] }));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ size, sha256: hash.digest('hex') }) };
}
