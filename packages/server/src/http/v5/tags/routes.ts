import {
  BindTagsRequest,
  QueryTagResourcesQuery,
  QueryTagResourcesRequest,
  UnbindTagsRequest,
} from '@muster/contract/v5';
import type { TagService } from '../../../services/tags.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeTaggedDevice, decodeTags, tagFieldNames } from './decode.ts';

/** v5 8. */
export function createTagRoutes(tags: TagService): V5Route[] {
  return withFieldNames(tagFieldNames, [
    v5Route('TagDevice', {
      body: BindTagsRequest,
      handle: ({ projectId, body }) => tags.bind(decodeTaggedDevice(projectId, body), decodeTags(body)),
    }),
    v5Route('UntagDevice', {
      body: UnbindTagsRequest,
      handle: ({ projectId, body }) => tags.unbind(decodeTaggedDevice(projectId, body), body.tag_keys),
    }),
    v5Route('ListResourcesByTags', {
      query: QueryTagResourcesQuery,
      body: QueryTagResourcesRequest,
      handle: async ({ projectId, query, body }) => {
        const page = await tags.listDevices(projectId, decodeTags(body), decodePage(query));
        return { resources: page.items.map(({ deviceId }) => ({ resource_id: deviceId })), page: encodePage(page) };
      },
    }),
  ]);
}
