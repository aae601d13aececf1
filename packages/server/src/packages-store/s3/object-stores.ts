import type { ObjectLook, ObjectPlace, ObjectStores } from '../../ports/object-stores.ts';
import type { Log } from '../../ports/log.ts';
import { objectionTo } from './object-address.ts';
import { createObjectClient, type ObjectClient, type ObjectClientParts, ObjectStoreFailure } from './object-client.ts';
import type { ObjectStoreSettings } from '../../domain/object-store-settings.ts';

export interface ObjectStoreParts extends ObjectClientParts {
  readonly log: Log;
}

export interface ConfiguredStores extends ObjectStores {
  /** Undefined: no such region is configured. */
  clientOf(region: string): ObjectClient | undefined;
  /** Breaks what is under way; idempotent. */
  stop(): Promise<void>;
}

/** All stores of MUSTER_OBJECT_STORES, by the `region_name` that packages give. Nothing is connected before it is needed. */
export function createObjectStores(
  settings: Readonly<Record<string, ObjectStoreSettings>>,
  { log, ...parts }: ObjectStoreParts,
): ConfiguredStores {
  const clients = new Map(Object.entries(settings).map(([region, one]) => [region, createObjectClient(one, parts)]));
  let stopped: Promise<unknown> | undefined;
  return {
    clientOf: (region) => clients.get(region),
    async look(place) {
      const client = clients.get(place.region);
      if (client === undefined) return unusable(`The region ${place.region} is not known.`);
      const objection = objectionTo(place.bucket, place.key);
      if (objection !== undefined) return unusable(objection);
      try {
        return await lookAt(client, place);
      } catch (error) {
        if (!(error instanceof ObjectStoreFailure)) throw error;
        log.warn({ err: error, region: place.region, bucket: place.bucket }, 'an object could not be looked at');
        return unusable(error.message);
      }
    },
    async sign(place, at, seconds) {
      return clients.get(place.region)?.presign(place, at, seconds);
    },
    async stop() {
      stopped ??= Promise.all([...clients.values()].map((client) => client.close()));
      await stopped;
    },
  };
}

const unusable = (reason: string): ObjectLook => ({ kind: 'unusable', reason });

async function lookAt(client: ObjectClient, { bucket, key }: ObjectPlace): Promise<ObjectLook> {
  const size = await client.head(bucket, key);
  return size === undefined ? unusable('There is no such object in the bucket.') : { kind: 'found', size };
}
