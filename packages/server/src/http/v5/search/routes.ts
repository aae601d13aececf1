import { SearchDevicesRequest } from '@muster/contract/v5';
import type { SearchService } from '../../../services/search.ts';
import { v5Route, type V5Route } from '../route.ts';
import { encodeSearchResult } from './encode.ts';

/** v5 6.1. */
export function createSearchRoutes(search: SearchService): V5Route[] {
  return [
    v5Route('SearchDevices', {
      body: SearchDevicesRequest,
      handle: async ({ projectId, body }) => encodeSearchResult(await search.search(projectId, body.sql)),
    }),
  ];
}
