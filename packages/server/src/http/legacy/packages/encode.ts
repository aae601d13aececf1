import type { ListUpgradePackagesResponse, UpgradePackage } from '@muster/contract/legacy';
import type { OtaPackage, PackageLocation } from '../../../domain/package.ts';
import type { Page } from '../../../domain/paging.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { LegacyPage } from '../page.ts';

export function encodePackage(pkg: OtaPackage): UpgradePackage {
  const { type, location, traits } = pkg;
  if (type === 'modulePackage') throw new Error(`Package ${pkg.packageId} has no name here.`);
  return {
    fileId: pkg.packageId,
    name: nameOf(location),
    version: pkg.version,
    fileType: type,
    deviceType: traits.deviceType,
    model: traits.model,
    manufacturerName: traits.manufacturerName ?? null,
    protocolType: traits.protocolType,
    description: pkg.description ?? null,
    date: toBasicTime(pkg.createdAt),
    uploadTime: toBasicTime(location.kind === 'file' ? location.file.uploadedAt : pkg.createdAt),
  };
}

/** Of the file, or of the object as its last part. */
const nameOf = (location: PackageLocation): string =>
  location.kind === 'file' ? location.file.fileName : (location.key.split('/').at(-1) ?? location.key);

export function encodePackagePage(
  { items, count }: Page<OtaPackage>,
  { pageNo, pageSize }: LegacyPage,
): ListUpgradePackagesResponse {
  return { data: items.map(encodePackage), pageNo, pageSize, totalCount: count };
}
