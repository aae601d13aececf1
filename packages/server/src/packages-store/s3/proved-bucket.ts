import { Readable } from 'node:stream';
import { createHash } from 'node:crypto';
import type { Log } from '../../ports/log.ts';
import type { HomeProof } from '../package-home.ts';
import { markerName } from '../shared-folder.ts';
import type { Bucket } from './bucket-package-store.ts';
import { type ObjectClient, ObjectStoreFailure } from './object-client.ts';

/**
 * The bucket must have the marker that is also in the database. It gets one where the installation began with it; files that were moved
 * here from elsewhere bring theirs along. A store that is away proves nothing and stops nobody: it may come back.
 */
export async function proveBucket(
  { client, region, bucket }: Bucket,
  { newId, claim, log }: HomeProof & { readonly log: Log },
): Promise<void> {
  const place = `${region}/${bucket}`;
  const claimed = await claim(`${place}#${newId}`);
  try {
    const found = await readMarker(client, bucket);
    if (found === claimed) return;
    if (found === undefined && claimed.startsWith(`${place}#`)) return await writeMarker(client, bucket, claimed);
  } catch (error) {
    if (!(error instanceof ObjectStoreFailure)) throw error;
    if (error.status !== undefined && error.status < 500) {
      throw new Error(`MUSTER_PACKAGE_STORE ${place} cannot be used: ${error.message}`, { cause: error });
    }
    log.warn({ err: error, region, bucket }, 'the object store of the packages is away');
    return;
  }
  throw new Error(
    `${place} is not where this installation keeps its packages: set MUSTER_PACKAGE_STORE as on the other nodes, or copy everything from there first, ${markerName} included.`,
  );
}

const markerBytesMax = 1024;

async function readMarker(client: ObjectClient, bucket: string): Promise<string | undefined> {
  const stream = await client.get(bucket, markerName);
  if (stream === undefined) return undefined;
  let text = '';
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1');
      if (text.length > markerBytesMax) break;
    }
  } catch (error) {
    throw new ObjectStoreFailure('The object store does not answer.', undefined, { cause: error });
  }
  return text;
}

async function writeMarker(client: ObjectClient, bucket: string, marker: string): Promise<void> {
  const bytes = Buffer.from(marker);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await client.put(bucket, markerName, { stream: Readable.from([bytes]), size: bytes.length, sha256 });
}
