import type { PackageId } from '../domain/ids.ts';
import type { OtaPackage } from '../domain/package.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStores } from '../ports/object-stores.ts';
import type { SignedUrl } from '../ports/task-type.ts';

/** Hands out the URLs of packages in object stores (device 7.3, v2). */
export interface ObjectUrls {
  /** Undefined: the package is no object, or its store is not configured (any more). */
  of(pkg: OtaPackage | undefined): Promise<SignedUrl | undefined>;
}

/** One signature does for everybody who is offered the package meanwhile; it is valid for as much longer. */
const reusedSeconds = 60;
/** What stores accept: a week. */
const secondsMax = 604_800 - reusedSeconds;
const urlsMax = 1000;

export function createObjectUrls(
  { objects, clock }: { readonly objects: Pick<ObjectStores, 'sign'>; readonly clock: Pick<Clock, 'now'> },
  lifeMs: number,
): ObjectUrls {
  const seconds = Math.min(Math.max(1, Math.floor(lifeMs / 1000)), secondsMax);
  const known = new Map<PackageId, { readonly url: string; readonly signedAt: number }>();
  return {
    async of(pkg) {
      if (pkg?.location.kind !== 'object') return undefined;
      const now = clock.now();
      const kept = known.get(pkg.packageId);
      const age = now - (kept?.signedAt ?? -Infinity);
      if (kept !== undefined && age >= 0 && age < reusedSeconds * 1000) return { url: kept.url, seconds };
      const url = await objects.sign(pkg.location, now, seconds + reusedSeconds);
      if (url === undefined) return undefined;
      if (known.size >= urlsMax) known.clear();
      known.set(pkg.packageId, { url, signedAt: now });
      return { url, seconds };
    },
  };
}
