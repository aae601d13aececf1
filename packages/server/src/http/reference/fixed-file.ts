import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface FixedFileParts {
  readonly type: string;
  /** Asked for once, by the first request. */
  readonly read: () => Promise<Buffer | string> | Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with the same bytes as long as the process lives. */
export type FixedFile = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

interface Variant {
  readonly bytes: Buffer;
  readonly etag: string;
}

interface Variants {
  readonly plain: Variant;
  readonly gzipped: Variant;
}

/** RFC 9110: validated by ETag at each use, compressed for whoever takes gzip. */
export function createFixedFile({ type, read, headers = {} }: FixedFileParts): FixedFile {
  let loading: Promise<Variants> | undefined;
  const load = (): Promise<Variants> => {
    loading ??= variantsOf(read).catch((error: unknown) => {
      // What could not be read now may be there later.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return async (request, reply) => {
    const { plain, gzipped } = await load();
    const compress = takesGzip(request.headers['accept-encoding']);
    const variant = compress ? gzipped : plain;
    reply.headers({
      ...headers,
      ETag: variant.etag,
      // Kept by whoever likes, but asked for: the address stays when the version changes.
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
      'X-Content-Type-Options': 'nosniff',
    });
    if (isKnown(request.headers['if-none-match'], variant.etag)) return reply.code(304).send();
    if (compress) reply.header('Content-Encoding', 'gzip');
    return reply.type(type).send(variant.bytes);
  };
}

async function variantsOf(read: FixedFileParts['read']): Promise<Variants> {
  const bytes = Buffer.from(await read());
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return {
    plain: { bytes, etag: `"${digest}"` },
    gzipped: { bytes: await promisify(gzip)(bytes), etag: `"${digest}-gzip"` },
  };
}

function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  const codings = String(acceptEncoding ?? '').split(',');
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
