import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../domain/problem.ts';
import type { HttpClock } from './host.ts';

const mebibyte = 1024 * 1024;

/** v5 1, Body size: JSON of at most 8 MiB. */
export const jsonBytesMax = 8 * mebibyte;

/** How much a body may hold, and whether whoever sends it has shown credentials. */
export interface BodyLimit {
  readonly bytesMax: number;
  readonly from: 'caller' | 'anybody';
}

export const callerBody: BodyLimit = { bytesMax: jsonBytesMax, from: 'caller' };
/** A sign-in holds a few names and a password. */
export const publicBody: BodyLimit = { bytesMax: 16 * 1024, from: 'anybody' };

export interface BodyReader {
  /**
   * The raw bytes, whatever the method and media type; they count against the process until `response` is over. Problems:
   * bodyTooLarge, badRequest (the client went away or took too long), notReady (too much is being held for others).
   */
  read(message: IncomingMessage, response: ServerResponse, limit?: BodyLimit): Promise<Buffer>;
}

export interface BodyReaderLimits {
  /** Between two pieces that we wait for. Uploads, which are read elsewhere, have their receiver's own pace. */
  readonly idleMs: number;
  /** Until the last byte, however steadily the pieces come. */
  readonly totalMs: number;
  /** Bytes held at once for all requests together; strangers have a share of their own, so that they cannot use up the callers'. */
  readonly heldBytesMax: Readonly<Record<BodyLimit['from'], number>>;
}

export const defaultBodyLimits: BodyReaderLimits = {
  idleMs: 30_000,
  totalMs: 60_000,
  heldBytesMax: { caller: 256 * mebibyte, anybody: 32 * mebibyte },
};

export function createBodyReader(clock: HttpClock, limits: BodyReaderLimits = defaultBodyLimits): BodyReader {
  const budgets = {
    caller: createBudget(limits.heldBytesMax.caller),
    anybody: createBudget(limits.heldBytesMax.anybody),
  };
  return {
    read: async (message, response, limit = callerBody) => {
      const account = budgets[limit.from].open(response);
      message.setTimeout(limits.idleMs, () => message.destroy());
      const deadline = clock.setTimer(limits.totalMs, () => message.destroy());
      try {
        return await collect(message, limit.bytesMax, account);
      } finally {
        deadline.cancel();
        message.setTimeout(0);
        // What is left is read and dropped, so that the connection stays in step.
        message.resume();
      }
    },
  };
}

async function collect(message: IncomingMessage, bytesMax: number, account: Account): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed on the way out: the answer to a body that is too large still has to reach the client.
    for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw tooLarge(bytesMax);
      account.add(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('badRequest', { args: ['The request body ended early.'] });
  }
  return Buffer.concat(chunks, size);
}

const tooLarge = (bytesMax: number): Problem =>
  new Problem('bodyTooLarge', { args: [`The request body must not exceed ${bytesMax} bytes.`] });

interface Account {
  /** Throws notReady when everybody's bytes together would be too many. */
  add(bytes: number): void;
}

function createBudget(bytesMax: number) {
  let held = 0;
  const open = (response: ServerResponse): Account => {
    let own = 0;
    let over = response.destroyed;
    // Comes once, with the last byte of the answer or when the connection breaks.
    response.once('close', () => {
      over = true;
      held -= own;
    });
    return {
      add: (bytes) => {
        if (over) return;
        if (held + bytes > bytesMax) throw new Problem('notReady');
        held += bytes;
        own += bytes;
      },
    };
  };
  return { open };
}
