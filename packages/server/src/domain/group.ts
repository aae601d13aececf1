import type { AppId, DeviceId, GroupId, ProductId, ProjectId, RecordId } from './ids.ts';

/** v5 7. */
export interface DeviceGroup {
  readonly recordId: RecordId;
  readonly groupId: GroupId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly name: string;
  readonly description: string | undefined;
  readonly superGroupId: GroupId | undefined;
  /** Of a dynamic group, whose members are the devices that it matches when they are read: the WHERE part of a search. */
  readonly rule: string | undefined;
  /** Devices that it may have, if it is to have fewer than any group may; 0: no such limit (legacy 6). */
  readonly maxDevices: number;
  /** The legacy application that made it. */
  readonly creator: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** With how many devices are directly in it; of a dynamic group 0. */
export interface StoredGroup extends DeviceGroup {
  readonly deviceCount: number;
}

export type GroupType = 'STATIC' | 'DYNAMIC';

export const groupTypeOf = ({ rule }: Pick<DeviceGroup, 'rule'>): GroupType =>
  rule === undefined ? 'STATIC' : 'DYNAMIC';

export interface GroupMember {
  readonly recordId: RecordId;
  readonly deviceId: DeviceId;
  readonly nodeId: string;
  readonly deviceName: string | undefined;
  readonly productId: ProductId;
}

/** v5 7: depth, groups per project, direct devices per static group, groups per device. */
export const groupLimits = { depth: 5, perProject: 1000, devices: 20_000, perDevice: 10 } as const;
