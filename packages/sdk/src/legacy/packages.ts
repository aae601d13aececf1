import type { Query } from './call-parts.ts';
import type { LegacyApi, LegacyCallOptions } from './legacy-api.ts';

/** Software and firmware packages (legacy 4.1). */
export function createPackages(api: LegacyApi) {
  return {
    list: (query: Query<'ListUpgradePackages'> = {}, options?: LegacyCallOptions) =>
      api.call('ListUpgradePackages', { ...options, query }),
    listAll: (query: Query<'ListUpgradePackages'> = {}, options?: LegacyCallOptions) =>
      api.each('ListUpgradePackages', { ...options, query }),
    get: (fileId: string, options?: LegacyCallOptions) =>
      api.call('ShowUpgradePackage', { ...options, params: { fileId } }),
    delete: (fileId: string, options?: LegacyCallOptions) =>
      api.call('DeleteUpgradePackage', { ...options, params: { fileId } }),
  };
}
