import type { Settings } from './settings.ts';

/** Where uploaded package files live. */
export type PackagePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'bucket'; readonly region: string; readonly bucket: string };

/** A path is told from `<region>/<bucket>` by how it begins, `/` or `.`; without any object store there are paths only. */
const inStore = /^([A-Za-z0-9-]{1,256})\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/;

/** Undefined: the data folder's own. Throws a sentence where the region is not that of an object store. */
export function packagePlaceOf({ packageStore, objectStores }: Settings): PackagePlace | undefined {
  if (packageStore === undefined) return undefined;
  const [, region, bucket] = objectStores === undefined ? [] : (inStore.exec(packageStore) ?? []);
  if (region === undefined || bucket === undefined) return { kind: 'folder', path: packageStore };
  if (objectStores !== undefined && Object.hasOwn(objectStores, region)) return { kind: 'bucket', region, bucket };
  throw new Error(
    'MUSTER_PACKAGE_STORE names a region that MUSTER_OBJECT_STORES does not have; a folder begins with / or ./',
  );
}
