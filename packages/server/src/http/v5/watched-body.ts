import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { Problem } from '../../domain/problem.ts';

/**
 * SHA-256 (lower hex) of a body that somebody else reads as a stream, once it has been read to its end. Nothing flows before that
 * reader starts. Rejects with badRequest where the client went away.
 */
export function watchBody(message: IncomingMessage): Promise<string> {
  const hash = createHash('sha256');
  // A listener alone would start the flow and lose the first bytes for the reader.
  message.pause();
  message.on('data', (chunk: Buffer) => hash.update(chunk));
  const whole = new Promise<string>((resolve, reject) => {
    finished(message, { writable: false }, (error) => {
      if (error == null) resolve(hash.digest('hex'));
      else reject(new Problem('badRequest', { args: ['The request body ended early.'] }));
    });
  });
  // A handler may answer an error without ever asking; that is no unhandled rejection.
  whole.catch(() => {});
  return whole;
}
