import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { addressOf } from './object-address.ts';
import { createObjectSigner, type ObjectSigner, type SignedRequest } from './object-signer.ts';
import type { ObjectStoreSettings } from '../../domain/object-store-settings.ts';

/** Why a store did not do what it was asked; the sentence has neither keys nor signatures in it. */
export class ObjectStoreFailure extends Error {
  override readonly name = 'ObjectStoreFailure';
  /** Of the answer; undefined: there was none. */
  readonly status: number | undefined;
  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export interface ObjectBody {
  readonly stream: Readable;
  readonly size: number;
  /** Lower hex; the store refuses other bytes. */
  readonly sha256: string;
}

/** One bucket's or more objects in one store. Every failure is an ObjectStoreFailure. */
export interface ObjectClient {
  /** Bytes; undefined: there is no such object. */
  head(bucket: string, key: string): Promise<number | undefined>;
  /** `range` in inclusive byte positions; undefined: there is no such object. The stream is closed by whoever got it. */
  get(bucket: string, key: string, range?: { start: number; end: number }): Promise<Readable | undefined>;
  put(bucket: string, key: string, body: ObjectBody): Promise<void>;
  /** Whether it was there or not. */
  delete(bucket: string, key: string): Promise<void>;
  /** Asks nobody; `at` in ms since epoch. */
  presign(place: { readonly bucket: string; readonly key: string }, at: number, seconds: number): Promise<string>;
  /** Breaks what is under way. */
  close(): Promise<void>;
}

const connectTimeoutMs = 5000;
/** Until a store begins to answer, and between two pieces of what it sends. */
const defaultAnswerTimeoutMs = 10_000;
/** Stores put big objects together before they answer. */
const putTimeoutMs = 120_000;

export interface ObjectClientParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly answerTimeoutMs?: number;
}

export function createObjectClient(
  store: ObjectStoreSettings,
  { clock, answerTimeoutMs = defaultAnswerTimeoutMs }: ObjectClientParts,
): ObjectClient {
  const agent = new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });
  const signer = createObjectSigner(store);
  const ask = createAsk({ store, agent, signer, clock });
  return {
    async head(bucket, key) {
      const { statusCode, headers, body } = await ask({ method: 'HEAD', bucket, key });
      await body.dump();
      if (statusCode === 404) return undefined;
      const size = Number(headers['content-length']);
      if (statusCode === 200 && Number.isSafeInteger(size)) return size;
      throw refusal(statusCode, undefined);
    },
    async get(bucket, key, range) {
      const wanted = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
      const answer = await ask({ method: 'GET', bucket, key, headers: wanted });
      // One that sends the whole object where a part was asked for would put wrong bytes into the middle of a download.
      if (answer.statusCode === (range === undefined ? 200 : 206)) return answer.body;
      const code = await codeOf(answer);
      if (answer.statusCode === 404 && code !== 'NoSuchBucket') return undefined;
      throw refusal(answer.statusCode, code);
    },
    async put(bucket, key, { stream, size, sha256 }) {
      const headers = { 'content-length': String(size), 'x-amz-content-sha256': sha256 };
      const answer = await ask({ method: 'PUT', bucket, key, headers, body: stream });
      const code = await codeOf(answer);
      if (answer.statusCode !== 200) throw refusal(answer.statusCode, code);
    },
    async delete(bucket, key) {
      const answer = await ask({ method: 'DELETE', bucket, key });
      const code = await codeOf(answer);
      if (answer.statusCode !== 204 && answer.statusCode !== 200 && code !== 'NoSuchKey') {
        throw refusal(answer.statusCode, code);
      }
    },
    presign: ({ bucket, key }, at, seconds) => signer.presign(addressOf(store, bucket, key), at, seconds),
    close: () => agent.destroy(),
  };
}

interface Asked extends Omit<SignedRequest, 'address'> {
  readonly bucket: string;
  readonly key: string;
  readonly body?: Readable;
}

interface AskParts {
  readonly store: ObjectStoreSettings;
  readonly agent: Agent;
  readonly signer: ObjectSigner;
  readonly clock: Pick<Clock, 'now'>;
}

/** Follows no redirect: it would lead wherever whoever answers wants. */
function createAsk({ store, agent, signer, clock }: AskParts) {
  return async ({ method, bucket, key, headers = {}, body }: Asked): Promise<Dispatcher.ResponseData> => {
    const address = addressOf(store, bucket, key);
    const signed = await signer.sign({ method, address, headers }, clock.now());
    try {
      return await agent.request({
        ...{ method, path: address.path, headers: signed, body: body ?? null },
        origin: `${address.protocol}//${address.host}`,
        ...(method === 'PUT' ? { headersTimeout: putTimeoutMs } : {}),
      });
    } catch (error) {
      body?.destroy();
      throw new ObjectStoreFailure('The object store does not answer.', undefined, { cause: error });
    }
  };
}

const codeBytesMax = 4096;

/** What the store calls the error, e.g. `NoSuchBucket`; the rest of the body is dropped. */
async function codeOf({ body }: Dispatcher.ResponseData): Promise<string | undefined> {
  let text = '';
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1');
      if (text.length > codeBytesMax) break;
    }
  } catch {
    // The status says enough.
  }
  return /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1];
}

function refusal(status: number, code: string | undefined): ObjectStoreFailure {
  const answer = `The object store answers ${status}${code === undefined ? '' : ` ${code}`}`;
  if (status >= 300 && status < 400) {
    return new ObjectStoreFailure(`${answer}: the bucket is in another region or at another endpoint.`, status);
  }
  if (status === 401 || status === 403) {
    return new ObjectStoreFailure(`${answer}: the access key may not do this, or there is no such object.`, status);
  }
  return new ObjectStoreFailure(`${answer}.`, status);
}
