import type { Device } from '../domain/device.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import type { Condition, TagField } from '../domain/search/where.ts';
import type { Tag } from '../domain/tag.ts';
import type { Store } from '../ports/store/store.ts';
import type { TaggedDevice } from '../ports/store/tag-store.ts';

export type { TaggedDevice };

/** Tags of devices (v5 8). A change is made whole or not at all. */
export interface TagService {
  /** A key that is there already gets the new value; of a key that comes twice the last value counts. Problems: deviceNotFound, tagLimit. */
  bind(device: TaggedDevice, tags: readonly Tag[]): Promise<void>;
  /** Problems: deviceNotFound, tagNotBound. */
  unbind(device: TaggedDevice, keys: readonly string[]): Promise<void>;
  /** Devices that have at least one of the tags; one without a value stands for every value. */
  listDevices(
    projectId: ProjectId,
    tags: readonly Tag[],
    page: PageRequest,
  ): Promise<Page<Pick<Device, 'recordId' | 'deviceId'>>>;
}

export function createTagService({ store }: { readonly store: Pick<Store, 'tags' | 'search'> }): TagService {
  return {
    bind: (device, tags) => store.tags.bind(device, [...new Map(tags.map((tag) => [tag.key, tag])).values()]),
    unbind: (device, keys) => store.tags.unbind(device, [...new Set(keys)]),
    listDevices: (projectId, tags, page) => store.search.list(projectId, tags.map(conditionsOf), page),
  };
}

function conditionsOf({ key, value }: Tag): readonly Condition[] {
  const is = (field: TagField, text: string): Condition => ({
    kind: 'equal',
    field,
    negated: false,
    values: [text],
  });
  return value === undefined ? [is('tag_key', key)] : [is('tag_key', key), is('tag_value', value)];
}
