import type {
  CreateOtaPackageRequest,
  ListOtaPackagesQuery,
  ListOtaPackagesResponse,
  OtaPackage,
  PackageFile,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Upgrade packages and their files (v5 10). */
export function createPackages(api: ProjectApi) {
  const base = ['ota-upgrades', 'packages'];
  const list = (query: ListOtaPackagesQuery, options?: CallOptions): Promise<ListOtaPackagesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    /**
     * Uploads a file that one package may then name as `local_location`. The blob is read as it is sent,
     * so one that is backed by a file costs no memory (Node: `fs.openAsBlob`).
     */
    uploadFile: (content: Blob, fileName: string, options?: CallOptions): Promise<PackageFile> => {
      const form = new FormData();
      form.append('file', content, fileName);
      return api.json({ ...options, method: 'POST', path: ['ota-upgrades', 'package-files'], form });
    },
    create: (body: ReadonlyDeep<CreateOtaPackageRequest>, options?: CallOptions): Promise<OtaPackage> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: ListOtaPackagesQuery, options?: CallOptions) =>
      eachListed(
        (paged: ListOtaPackagesQuery) => list(paged, options),
        ({ packages, page }) => ({ items: packages, marker: page.marker }),
        query,
      ),
    get: (packageId: string, options?: CallOptions): Promise<OtaPackage> =>
      api.json({ ...options, method: 'GET', path: [...base, packageId] }),
    delete: (packageId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, packageId] }),
  };
}
