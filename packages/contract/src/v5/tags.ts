import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PageInfo, id, oneOf, pagingQuery, shown, tag } from './primitives.ts';

// v5 8. The number of a device's tags (015520) and keys that are not bound (015521) are checked in services and store.
const resource = {
  resource_type: oneOf(['device'], 'What is tagged: a device.'),
  resource_id: id(128, 'The device.'),
};
const tagKey = tag(64, 'Key.', 1);
const tagValue = Type.Optional(tag(128, 'Value.'));

/** Repeated keys are one tag, the last value counts; of more entries than this some key must be an 11th. */
const entriesMax = 100;

export const BindTagsRequest = Type.Object({
  ...resource,
  tags: Type.Array(Type.Object({ tag_key: tagKey, tag_value: tagValue }, { description: 'A tag.' }), {
    description: 'Tags to set; a key that is there already gets the new value. A device has at most 10.',
    minItems: 1,
    maxItems: entriesMax,
  }),
});
export type BindTagsRequest = Static<typeof BindTagsRequest>;

export const UnbindTagsRequest = Type.Object({
  ...resource,
  tag_keys: Type.Array(tagKey, { description: 'Keys of tags to take away.', minItems: 1, maxItems: entriesMax }),
});
export type UnbindTagsRequest = Static<typeof UnbindTagsRequest>;

/** The query of POST tags/query-resources. */
export const QueryTagResourcesQuery = Type.Object(pagingQuery);
export type QueryTagResourcesQuery = Static<typeof QueryTagResourcesQuery>;

export const QueryTagResourcesRequest = Type.Object({
  resource_type: resource.resource_type,
  tags: Type.Array(
    Type.Object({ tag_key: tagKey, tag_value: tagValue }, { description: 'A tag; without a value: whatever it is.' }),
    { description: 'A resource has at least one of them.', minItems: 1, maxItems: 10 },
  ),
});
export type QueryTagResourcesRequest = Static<typeof QueryTagResourcesRequest>;

export const QueryTagResourcesResponse = Type.Object({
  resources: Type.Array(Type.Object({ resource_id: shown('The device.') }, { description: 'A tagged resource.' }), {
    description: 'This page.',
  }),
  page: PageInfo,
});
export type QueryTagResourcesResponse = Static<typeof QueryTagResourcesResponse>;
