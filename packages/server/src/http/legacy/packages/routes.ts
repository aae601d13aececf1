import { ListUpgradePackagesQuery } from '@muster/contract/legacy';
import type { PackageService } from '../../../services/packages.ts';
import { decodeNewestFirst } from '../page.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodePackageFilter, decodePackagePlace } from './decode.ts';
import { encodePackage, encodePackagePage } from './encode.ts';

const codes: LegacyCodes = { packageNotFound: '123002', packageInUse: '123803' };

/** Legacy 4.1. Packages are uploaded through v5 or the console. */
export function createPackageRoutes(packages: PackageService): LegacyRoute[] {
  return [
    legacyRoute('ListUpgradePackages', {
      query: ListUpgradePackagesQuery,
      handle: async ({ owner, query }) =>
        encodePackagePage(await packages.list(decodePackageFilter(owner, query), decodeNewestFirst(query)), query),
    }),
    legacyRoute('ShowUpgradePackage', {
      codes,
      handle: async ({ owner, param }) => encodePackage(await packages.get(decodePackagePlace(owner, param('fileId')))),
    }),
    legacyRoute('DeleteUpgradePackage', {
      codes,
      handle: ({ owner, param }) => packages.delete(decodePackagePlace(owner, param('fileId'))),
    }),
  ];
}
