import type { Decoded } from '@muster/contract';
import { type ListUpgradePackagesQuery, upgradePackageTypes } from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import { asId, type PackageId } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import type { PackagePlace, PackageService } from '../../../services/packages.ts';
import { badInput } from '../problems.ts';

type Query = Decoded<typeof ListUpgradePackagesQuery>;
type PackageFilter = Parameters<PackageService['list']>[0];

export function decodePackageFilter({ projectId, appId }: App, query: Query): PackageFilter {
  const { fileType, version, deviceType, model, manufacturerName } = query;
  return present({
    ...{ projectId, appId, version },
    // Module packages are invisible.
    types: fileType === undefined ? upgradePackageTypes : [fileType],
    traits: present({ deviceType, model, manufacturerName }),
  });
}

/** Legacy 4.1. */
export function decodePackagePlace({ projectId, appId }: App, fileId: string): PackagePlace {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(fileId)) {
    throw badInput('iodm', "The parameter 'fileId' must be 1 to 64 letters, digits, _ and -.");
  }
  return { projectId, appId, packageId: asId<PackageId>(fileId), types: upgradePackageTypes };
}
