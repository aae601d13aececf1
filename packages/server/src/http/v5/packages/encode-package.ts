import type { OtaPackage as WirePackage, OtaPackageInfo, PackageFile as WireFile } from '@muster/contract/v5';
import type { OtaPackage, PackageFile, PackageLocation } from '../../../domain/package.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { present } from '../../../domain/present.ts';

/** An entry of the list: without `file_location` (v5 10). */
export function encodePackageInfo(pkg: OtaPackage): OtaPackageInfo {
  return {
    package_id: pkg.packageId,
    app_id: pkg.appId,
    package_type: pkg.type,
    product_id: pkg.productId,
    product_name: pkg.productName,
    version: pkg.version,
    ...present({
      module_name: pkg.moduleName,
      support_source_versions: pkg.sourceVersions.length === 0 ? undefined : [...pkg.sourceVersions],
      description: pkg.description,
      custom_info: pkg.customInfo,
    }),
    create_time: toBasicTime(pkg.createdAt),
  };
}

export function encodePackage(pkg: OtaPackage, warnings: readonly string[] = []): WirePackage {
  return {
    ...encodePackageInfo(pkg),
    file_location: encodeLocation(pkg.location),
    ...present({ warnings: warnings.length === 0 ? undefined : [...warnings] }),
  };
}

function encodeLocation(location: PackageLocation): WirePackage['file_location'] {
  if (location.kind === 'file') return { local_location: encodePackageFile(location.file) };
  const { region, bucket, key, sign } = location;
  return {
    obs_location: {
      region_name: region,
      bucket_name: bucket,
      object_key: key,
      ...(sign === undefined ? {} : { sign_method: 'SHA256', sign }),
    },
  };
}

export function encodePackageFile({ fileId, fileName, size, sha256 }: PackageFile): WireFile {
  return { file_id: fileId, file_name: fileName, size, sha256 };
}
