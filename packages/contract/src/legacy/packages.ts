import { Type } from 'typebox';
import type { Static } from 'typebox';
import { paged, pageMembers } from './paging.ts';
import { oneOf, shown, string, textOrNull } from './primitives.ts';

// Legacy 4.1. Module packages are invisible.
export const upgradePackageTypes = ['firmwarePackage', 'softwarePackage'] as const;

const filter = (description: string) => Type.Optional(string(256, description));

export const ListUpgradePackagesQuery = Type.Object({
  fileType: Type.Optional(oneOf(upgradePackageTypes, 'Only packages of this type.')),
  deviceType: filter('Only packages for products of this device type.'),
  model: filter('Only packages for products of this model.'),
  manufacturerName: filter('Only packages for products of this manufacturer.'),
  version: filter('Only packages of this version.'),
  ...paged({ usual: 10, max: 100, code: '123029' }),
});
export type ListUpgradePackagesQuery = Static<typeof ListUpgradePackagesQuery>;

export const UpgradePackage = Type.Object({
  fileId: shown('Id of the package.'),
  name: shown('Name of its file.'),
  version: shown('Version that a device reports after the upgrade.'),
  fileType: oneOf(upgradePackageTypes, 'Type of the package.'),
  deviceType: shown('Device type of its product.'),
  model: shown('Model of its product.'),
  manufacturerName: textOrNull('Manufacturer of its product.'),
  protocolType: shown('Protocol of its product.'),
  description: textOrNull('What the package brings.'),
  date: shown("When the package was made, yyyyMMdd'T'HHmmss'Z'."),
  uploadTime: shown("When its file was uploaded, yyyyMMdd'T'HHmmss'Z'."),
});
export type UpgradePackage = Static<typeof UpgradePackage>;

export const ListUpgradePackagesResponse = Type.Object({
  data: Type.Array(UpgradePackage, { description: 'The packages, newest first.' }),
  ...pageMembers,
});
export type ListUpgradePackagesResponse = Static<typeof ListUpgradePackagesResponse>;
