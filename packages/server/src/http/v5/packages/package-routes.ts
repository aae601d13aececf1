import { CreateOtaPackageRequest, ListOtaPackagesQuery } from '@muster/contract/v5';
import { asId } from '../../../domain/ids.ts';
import type { PackageService } from '../../../services/packages.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeCreatePackage, decodePackageFilter, packageFieldNames } from './decode-package.ts';
import { encodePackage, encodePackageFile, encodePackageInfo } from './encode-package.ts';
import { receiveFile } from '../../receive-file.ts';

/** v5 10. The server needs `registerMultipart` as well. */
export function createPackageRoutes(packages: PackageService): V5Route[] {
  return withFieldNames(packageFieldNames, [
    v5Route('UploadPackageFile', {
      stream: true,
      handle: async (call) => {
        const keep = (fileName: string, body: Parameters<PackageService['upload']>[2]) =>
          packages.upload(call.projectId, fileName, body);
        return encodePackageFile(await receiveFile(call, keep));
      },
    }),
    v5Route('CreateOtaPackage', {
      body: CreateOtaPackageRequest,
      handle: async ({ projectId, body }) => {
        const { pkg, warnings } = await packages.create(projectId, decodeCreatePackage(body));
        return encodePackage(pkg, warnings);
      },
    }),
    v5Route('ListOtaPackageInfo', {
      query: ListOtaPackagesQuery,
      handle: async ({ projectId, query }) => {
        const page = await packages.list(decodePackageFilter(projectId, query), decodePage(query));
        return { packages: page.items.map(encodePackageInfo), page: encodePage(page) };
      },
    }),
    v5Route('ShowOtaPackage', {
      handle: async ({ projectId, param }) =>
        encodePackage(await packages.get({ projectId, packageId: asId(param('package_id')) })),
    }),
    v5Route('DeleteOtaPackage', {
      handle: ({ projectId, param }) => packages.delete({ projectId, packageId: asId(param('package_id')) }),
    }),
  ]);
}
