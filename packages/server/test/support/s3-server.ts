import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { onTestFinished } from 'vitest';
import type { ObjectStoreSettings } from '../../src/domain/object-store-settings.ts';
import { createObjectClient, type ObjectClient } from '../../src/packages-store/s3/object-client.ts';
import { contentOf } from './object-content.ts';

/** The keys that the server knows. */
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

/** A real S3 server on a free port; it checks the signature of every request. */
export interface S3Server {
  readonly settings: ObjectStoreSettings;
  /** As the owner of the bucket has it. */
  readonly client: ObjectClient;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  put(key: string, content: string | Buffer): Promise<void>;
  /** Instead of what the server would answer; undefined ends that. */
  answerWith(answer: RequestListener | undefined): void;
  stop(): Promise<void>;
  /** Again, on the same port and with the same objects. */
  start(): Promise<void>;
}

export const testBucket = 'packages';

/** Gone when the test is over. */
export async function startS3Server(buckets: readonly string[] = [testBucket]): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'muster-s3-'));
  const configureBuckets = buckets.map((name) => ({ name }));
  const s3 = new S3rver({ directory, silent: true, configureBuckets, vhostBuckets: false });
  await s3.configureBuckets();
  const handle = s3.callback();
  const seen: SeenRequest[] = [];
  let instead: RequestListener | undefined;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, authorization: headers.authorization });
    if (instead !== undefined) instead(request, response);
    else if (isSigned(request)) handle(request, response);
    else refuse(request, response);
  };
  let server = createServer(listener);
  let port = 0;
  const start = async (): Promise<void> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await start();
  const settings = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-test-1', ...keys, pathStyle: true };
  const client = createObjectClient(settings, { clock: { now: () => Date.now() } });
  onTestFinished(async () => {
    await client.close();
    await stop();
    s3.logger.close();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    settings,
    client,
    port,
    seen,
    start,
    stop,
    put: (key, content) => client.put(testBucket, key, contentOf(content)),
    answerWith: (answer) => {
      instead = answer;
    },
  };
}

/** The server itself lets in whoever does not sign at all; its kind in the world does not. */
const isSigned = ({ headers, url = '' }: IncomingMessage): boolean =>
  headers.authorization !== undefined || url.includes('X-Amz-Signature=');

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end(request.method === 'HEAD' ? '' : '<Error><Code>AccessDenied</Code></Error>');
}
