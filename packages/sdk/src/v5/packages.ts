import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';
import type { CreatePackage, Package, PackageFile, PackageQuery, PackageSummary, PageInfo } from './wire.ts';

/** Upgrade packages and their files (v5 10). */
export function createPackages(api: ProjectApi) {
  type Page = { packages: PackageSummary[]; page: PageInfo };
  const base = ['ota-upgrades', 'packages'];
  const list = (query: PackageQuery, options?: CallOptions): Promise<Page> =>
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
    create: (body: CreatePackage, options?: CallOptions): Promise<Package> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: PackageQuery, options?: CallOptions) =>
      eachListed(
        (paged: PackageQuery) => list(paged, options),
        ({ packages, page }) => ({ items: packages, marker: page.marker }),
        query,
      ),
    get: (packageId: string, options?: CallOptions): Promise<Package> =>
      api.json({ ...options, method: 'GET', path: [...base, packageId] }),
    delete: (packageId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, packageId] }),
  };
}
