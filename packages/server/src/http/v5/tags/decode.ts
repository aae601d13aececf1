import type { Decoded } from '@muster/contract';
import type { BindTagsRequest, QueryTagResourcesRequest, UnbindTagsRequest } from '@muster/contract/v5';
import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type { Tag } from '../../../domain/tag.ts';
import type { TaggedDevice } from '../../../services/tags.ts';
import type { FieldNames } from '../field-names.ts';

export const tagFieldNames: FieldNames = { deviceId: 'resource_id' };

export function decodeTaggedDevice(
  projectId: ProjectId,
  body: Decoded<typeof BindTagsRequest> | Decoded<typeof UnbindTagsRequest>,
): TaggedDevice {
  return { projectId, deviceId: asId<DeviceId>(body.resource_id) };
}

export function decodeTags(
  body: Decoded<typeof BindTagsRequest> | Decoded<typeof QueryTagResourcesRequest>,
): readonly Tag[] {
  return body.tags.map(({ tag_key, tag_value }) => ({ key: tag_key, value: tag_value }));
}
