import type { Device } from '../../domain/device.ts';
import type { DeviceGroup } from '../../domain/group.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { DeviceSearch, Where } from '../../domain/search/where.ts';

export interface FoundDevice {
  readonly device: Device;
  /** Static ones, and dynamic ones whose rule matches; the newest first. */
  readonly groups: readonly Pick<DeviceGroup, 'groupId' | 'name'>[];
}

/** Devices by the conditions of the search language (v5 6.1). */
export interface SearchStore {
  find(
    projectId: ProjectId,
    search: Pick<DeviceSearch, 'where' | 'order' | 'limit' | 'offset'>,
  ): Promise<readonly FoundDevice[]>;
  count(projectId: ProjectId, where: Where | undefined): Promise<number>;
  list(projectId: ProjectId, where: Where, page: PageRequest): Promise<Page<Pick<Device, 'recordId' | 'deviceId'>>>;
}
