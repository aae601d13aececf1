import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PageInfo, appIdField, charsString, id, oneOf, pagingQuery, shown, string, ver } from './primitives.ts';

// v5 10. Which fields belong together (module_name and modulePackage, exactly one location) and whether the file can be used (014588)
// is checked in services.
export const packageTypes = ['softwarePackage', 'firmwarePackage', 'modulePackage'] as const;
const packageType = oneOf(packageTypes, 'Type of the package.');

const ObsLocation = Type.Object(
  {
    region_name: charsString({
      chars: 'A-Za-z0-9-',
      words: 'letters, digits and -',
      description: 'Region; the operator maps it to an object store.',
      min: 1,
      max: 256,
    }),
    bucket_name: charsString({
      chars: 'a-z0-9.-',
      words: 'lower-case letters, digits, . and -',
      description: 'Bucket.',
      min: 3,
      max: 63,
    }),
    object_key: string(1024, 'Key of the object.', 1),
    sign_method: Type.Optional(oneOf(['SHA256'], 'How `sign` was made.')),
    sign: Type.Optional(
      Type.String({
        description: 'SHA-256 of the file.',
        pattern: '^[0-9a-f]{64}$',
        'x-rule': '64 lower-case hex digits',
      }),
    ),
  },
  { description: 'An object in an S3-compatible store.' },
);

const LocalLocation = Type.Object(
  { file_id: id(36, 'Id that UploadPackageFile returned.') },
  { description: 'Extension: an uploaded file.' },
);

export const CreateOtaPackageRequest = Type.Object({
  app_id: id(36, 'Owner.'),
  package_type: packageType,
  product_id: id(36, 'Product the package is for.'),
  module_name: Type.Optional(ver(64, 'Module; for modulePackage only.')),
  version: ver(256, 'Version that a device reports after the upgrade.'),
  support_source_versions: Type.Optional(
    Type.Array(ver(256, 'A version.'), {
      description: 'Versions that can be upgraded; empty: any.',
      maxItems: 20,
    }),
  ),
  description: Type.Optional(string(1024, 'What the package brings.')),
  custom_info: Type.Optional(string(4096, 'Text that is sent to the device.')),
  file_location: Type.Object(
    { obs_location: Type.Optional(ObsLocation), local_location: Type.Optional(LocalLocation) },
    { description: 'Where the file is: exactly one of the two.' },
  ),
});
export type CreateOtaPackageRequest = Static<typeof CreateOtaPackageRequest>;

export const ListOtaPackagesQuery = Type.Object({
  package_type: packageType,
  app_id: Type.Optional(appIdField('Only packages of this application.')),
  product_id: Type.Optional(id(36, 'Only packages for this product.', 0)),
  version: Type.Optional(string(256, 'Exact version.')),
  ...pagingQuery,
});
export type ListOtaPackagesQuery = Static<typeof ListOtaPackagesQuery>;

const infoFields = {
  package_id: shown('Package id, 24 hex.'),
  app_id: shown('Owner.'),
  package_type: packageType,
  product_id: shown('Product the package is for.'),
  product_name: Type.Optional(shown("Product's name.")),
  module_name: Type.Optional(shown('Module.')),
  version: shown('Version.'),
  support_source_versions: Type.Optional(
    Type.Array(shown('A version.'), { description: 'Versions that can be upgraded; empty: any.' }),
  ),
  description: Type.Optional(shown('What the package brings.')),
  custom_info: Type.Optional(shown('Text that is sent to the device.')),
  create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
};

/** An entry of ListOtaPackages. */
export const OtaPackageInfo = Type.Object(infoFields);
export type OtaPackageInfo = Static<typeof OtaPackageInfo>;

const fileFields = {
  file_id: shown('File id, a UUID.'),
  file_name: shown('Name as uploaded.'),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: shown('SHA-256, lower hex.'),
};

export const OtaPackage = Type.Object({
  ...infoFields,
  file_location: Type.Object(
    {
      obs_location: Type.Optional(ObsLocation),
      local_location: Type.Optional(Type.Object(fileFields, { description: 'Extension: the uploaded file.' })),
    },
    { description: 'Where the file is.' },
  ),
  warnings: Type.Optional(
    Type.Array(shown('A warning.'), {
      description: 'Extension, on create: what may go wrong on devices, such as a file above 999,999,999 bytes.',
    }),
  ),
});
export type OtaPackage = Static<typeof OtaPackage>;

export const ListOtaPackagesResponse = Type.Object({
  packages: Type.Array(OtaPackageInfo, { description: 'This page.' }),
  page: PageInfo,
});
export type ListOtaPackagesResponse = Static<typeof ListOtaPackagesResponse>;

/** Extension: the request is multipart/form-data with the file in the part `file`. */
export const PackageFile = Type.Object(fileFields);
export type PackageFile = Static<typeof PackageFile>;

/** v5 10: what an uploaded file's name may end in, lower case. */
export const packageFileExtensions = [
  '.bin',
  '.dav',
  '.tar',
  '.gz',
  '.zip',
  '.gzip',
  '.apk',
  '.tar.gz',
  '.tar.xz',
  '.pack',
  '.exe',
  '.bat',
  '.img',
] as const;
