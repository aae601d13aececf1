import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Problem, invalid } from '../domain/problem.ts';

const limits = {
  // How large a file may be is said by whoever keeps it; here nothing but the file is taken.
  fileSize: Number.MAX_SAFE_INTEGER,
  fieldSize: 1024,
  fieldNameSize: 100,
  headerPairs: 20,
  headerSize: 8192,
  parts: 2,
};

/** Teaches the server to read multipart bodies; for `receiveFile`. */
export function registerMultipart(app: FastifyInstance): void {
  app.register(multipart, { limits, throwFileSizeLimit: false });
}

/** A call whose body has not been read. */
export interface UploadCall {
  readonly request: FastifyRequest;
  /** What must hold of the whole body, e.g. its signature, is checked behind its last byte. */
  bodyVerified(): Promise<void>;
}

/** How long a client may say nothing while we wait for more: one that is gone without a word must not keep its place. */
const idleMsMax = 30_000;

/**
 * Hands the one part `file` of a multipart body to `keep`, as a stream with back-pressure. That stream ends only when the whole body
 * was read, nothing else was in it and its signature is good: so nothing stands before all of it is known. Problems: badRequest
 * (no multipart, broken, silent for `idleMs`), invalidInput (`file`), authenticationFailed, and those of `keep`.
 */
export async function receiveFile<T>(
  call: UploadCall,
  keep: (fileName: string, body: Readable) => Promise<T>,
  idleMs = idleMsMax,
): Promise<T> {
  if (!call.request.isMultipart()) throw broken('The Content-Type must be multipart/form-data.');
  const { raw } = call.request;
  raw.once('timeout', () => raw.destroy());
  const expectMore = (): void => void raw.setTimeout(idleMs);
  expectMore();
  const parts = call.request.parts();
  const checkRest = async (): Promise<void> => {
    if ((await nextPart(parts)) !== undefined) throw invalid('file', 'must be the only part');
    raw.setTimeout(0);
    await call.bodyVerified();
  };
  try {
    const file = requireFile(await nextPart(parts));
    // Until somebody reads it, it waits for us.
    raw.setTimeout(0);
    const body = Readable.from(wholeFile(file, { expectMore, checkRest }), { objectMode: false });
    return await keep(file.filename, body);
  } finally {
    // After a refusal the rest is read and dropped, so that the answer arrives and the connection stays in step.
    raw.setTimeout(0);
    raw.unpipe().resume();
  }
}

const broken = (why: string): Problem => new Problem('badRequest', { args: [why] });

async function nextPart(parts: AsyncIterableIterator<Multipart>): Promise<Multipart | undefined> {
  try {
    const next = await parts.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    throw asBroken(error);
  }
}

function requireFile(part: Multipart | undefined): MultipartFile {
  if (part === undefined) throw invalid('file', 'is missing');
  if (part.fieldname !== 'file') throw invalid('file', 'must be the only part');
  if (part.type !== 'file') throw invalid('file', 'must be a file with a name');
  return part;
}

async function* wholeFile(
  { file }: MultipartFile,
  { expectMore, checkRest }: { expectMore(): void; checkRest(): Promise<void> },
): AsyncGenerator<Buffer> {
  try {
    expectMore();
    yield* file as AsyncIterable<Buffer>;
  } catch (error) {
    throw asBroken(error);
  }
  await checkRest();
}

/** Whatever the parser says about the bytes is the client's affair; only limits have a sentence of their own. */
function asBroken(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_PARTS_LIMIT' || code === 'FST_FILES_LIMIT') return invalid('file', 'must be the only part');
  return broken('The multipart body is not valid or ended early.');
}
