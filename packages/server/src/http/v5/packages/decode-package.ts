import type { Decoded } from '@muster/contract';
import type { CreateOtaPackageRequest, ListOtaPackagesQuery } from '@muster/contract/v5';
import { type AppId, asId, type PackageFileId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import { invalid } from '../../../domain/problem.ts';
import type { CreatePackage, PackageService, WishedLocation } from '../../../services/packages.ts';
import type { FieldNames } from '../field-names.ts';
import { present } from '../../../domain/present.ts';

type CreateBody = Decoded<typeof CreateOtaPackageRequest>;

export const packageFieldNames: FieldNames = { location: 'file_location' };

export function decodeCreatePackage(body: CreateBody): CreatePackage {
  return {
    appId: asId<AppId>(body.app_id),
    productId: asId<ProductId>(body.product_id),
    type: body.package_type,
    moduleName: body.module_name,
    version: body.version,
    sourceVersions: body.support_source_versions ?? [],
    description: body.description,
    customInfo: body.custom_info,
    location: decodeLocation(body.file_location),
  };
}

/** v5 10: exactly one of the two. */
function decodeLocation({ obs_location, local_location }: CreateBody['file_location']): WishedLocation {
  if (obs_location !== undefined && local_location === undefined) {
    const { region_name: region, bucket_name: bucket, object_key: key, sign } = obs_location;
    return { kind: 'object', region, bucket, key, sign };
  }
  if (obs_location === undefined && local_location !== undefined) {
    return { kind: 'file', fileId: asId<PackageFileId>(local_location.file_id) };
  }
  throw invalid('location', 'must have exactly one of obs_location and local_location');
}

type PackageFilter = Parameters<PackageService['list']>[0];

export function decodePackageFilter(projectId: ProjectId, query: Decoded<typeof ListOtaPackagesQuery>): PackageFilter {
  return present({
    projectId,
    types: [query.package_type],
    appId: query.app_id as AppId | undefined,
    productId: query.product_id as ProductId | undefined,
    version: query.version,
  });
}
