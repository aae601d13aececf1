import { createObjectStores } from '../../src/packages-store/s3/object-stores.ts';
import { createLog } from '../../src/system/log.ts';

/** Of an installation without MUSTER_OBJECT_STORES. */
export const noObjectStores = createObjectStores(
  {},
  { clock: { now: () => 0 }, log: createLog({ level: 'silent', format: 'json' }) },
);
