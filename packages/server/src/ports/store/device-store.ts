import type {
  Device,
  DeviceAuth,
  DeviceChanges,
  DeviceStatus,
  NewDevice,
  ReportedVersions,
} from '../../domain/device.ts';
import type { AppId, DeviceId, ProductId, ProjectId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ReportedService } from '../../domain/notices/device-notices.ts';
import type { EitherEnd, Page } from '../../domain/paging.ts';
import type { ProductModel } from '../../domain/product.ts';
import type { RunDevice, SessionRef } from '../../domain/run.ts';
import type { ServiceDelta } from '../../domain/shadow.ts';
import type { AppliedEffects } from './message-store.ts';

export interface DeviceFilter {
  readonly projectId: ProjectId;
  readonly appId?: AppId;
  readonly productId?: ProductId;
  readonly nodeId?: string;
  readonly name?: string;
  /** Children of this gateway; with `cascade` those of all levels. */
  readonly gatewayId?: DeviceId;
  readonly cascade?: boolean;
  readonly createdFrom?: number;
  readonly createdTo?: number;
  /** A direct device and its children; `gatewayId` goes with none of what follows. */
  readonly familyOf?: DeviceId;
  /** Of one of these; at least one. */
  readonly productIds?: readonly ProductId[];
  readonly statuses?: readonly DeviceStatus[];
  /** Others than v5's find nothing. */
  readonly nodeType?: string;
  readonly location?: string;
}

export interface DeviceStore {
  /** Problems: productNotFound, deviceExists, deviceIdExists, gatewayUnusable, childLimit. */
  insert(device: NewDevice): Promise<Device>;
  /** Many at once, for imports and seeding: direct devices that are known to be good. A conflict rejects all. */
  insertMany(devices: readonly NewDevice[]): Promise<void>;
  find(projectId: ProjectId, deviceId: DeviceId): Promise<Device | undefined>;
  list(filter: DeviceFilter, page: EitherEnd): Promise<Page<Device>>;
  /** Problems: deviceNotFound. */
  update(projectId: ProjectId, deviceId: DeviceId, changes: DeviceChanges): Promise<Device>;
  /** Problems: deviceNotFound. */
  setSecret(
    projectId: ProjectId,
    deviceId: DeviceId,
    secret: { readonly secret: string; readonly slot: 'PRIMARY' | 'SECONDARY' },
  ): Promise<void>;
  /** Absent: none from now on. Problems: deviceNotFound. */
  setFingerprint(
    projectId: ProjectId,
    deviceId: DeviceId,
    fingerprint: { readonly fingerprint: string | undefined; readonly slot: 'PRIMARY' | 'SECONDARY' },
  ): Promise<void>;
  /**
   * Leaves a tombstone, from which the engine settles the subtasks that still name the device (S4, device 7.2 rule 22).
   * Problems: deviceNotFound, deviceHasChildren.
   */
  delete(projectId: ProjectId, deviceId: DeviceId, at: number): Promise<Device>;
  /**
   * Hangs a child under another gateway of its application; where it was ONLINE it is OFFLINE from then on, until its new gateway says
   * otherwise (device 5). Problems: deviceNotFound, gatewayUnusable, childLimit.
   */
  changeGateway(
    projectId: ProjectId,
    deviceId: DeviceId,
    to: { readonly gatewayId: DeviceId; readonly at: number },
  ): Promise<GatewayChange>;
  /** Never-connected devices whose `timeout` is over (v5 6), at most `limit`; not those that have children, which cannot be deleted. */
  listLapsed(now: number, limit: number): Promise<readonly { projectId: ProjectId; deviceId: DeviceId }[]>;
  /** Brings together what writers have counted side by side, of so many of them; true: there may be more. */
  foldCounts(shards: number): Promise<boolean>;
  /** Children of a gateway on all levels, in steps of `limit`, ordered by id after `after`. */
  listChildren(gatewayId: DeviceId, after: string, limit: number): Promise<readonly Device[]>;
  /** The gateway's child-list version (device 9), +1 per added or deleted child. */
  childListVersion(gatewayId: DeviceId): Promise<number>;
  /** What changed after that version, oldest first, at most `limit`; undefined where so old a version is not known any more. */
  listChildChanges(gatewayId: DeviceId, after: number, limit: number): Promise<readonly ChildChange[] | undefined>;
  /** `$sub_device_manager` status (device 9): only children of this gateway, on all levels, change. */
  setChildStatuses(
    gatewayId: DeviceId,
    statuses: readonly { readonly deviceId: DeviceId; readonly status: 'ONLINE' | 'OFFLINE' }[],
    at: number,
  ): Promise<ChildStatusesSet>;
  reportVersions(deviceId: DeviceId, versions: ReportedVersions): Promise<void>;
  /**
   * Merges reported properties into the shadow (device 6.4); the caller has left out what the model does not let in. `pushed`: all that
   * the devices reported, for the rules of their project.
   */
  reportProperties(reports: readonly PropertyReport[], pushed?: PushedReports): Promise<void>;
  getShadow(deviceId: DeviceId): Promise<readonly ShadowService[]>;
  /** Of these devices, as far as one look goes. */
  listShadows(deviceIds: readonly DeviceId[]): Promise<Shadows>;
  /** Everything of it, versions too. Problems: deviceNotFound. */
  clearShadow(projectId: ProjectId, deviceId: DeviceId): Promise<void>;
  /** What these devices are to be told, whatever their project; children only while they are ONLINE, frozen ones never (device 6.4). */
  listShadowDeltas(deviceIds: readonly DeviceId[]): Promise<ShadowDeltas>;
  /**
   * Of the children of this root that come after `after`, on all levels, the next ones: those that are ONLINE and whose shadow may hold a
   * difference. `next`: where the following step begins; undefined: there is none.
   */
  listDifferingChildren(
    rootId: DeviceId,
    after: string,
  ): Promise<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }>;
  /** Devices as a task type sees them now, in the order asked; undefined: the project has no such device. */
  readFacts(projectId: ProjectId, query: DeviceFactsQuery): Promise<DeviceFacts>;
}

export interface DeviceFactsQuery {
  /** At most 1000. */
  readonly deviceIds: readonly DeviceId[];
  readonly usesModels: boolean;
}

export interface DeviceFacts {
  readonly devices: readonly (RunDevice | undefined)[];
  /** Undefined also where models were not asked for. */
  modelOf(device: RunDevice): ProductModel | undefined;
}

/** What a move has made of two child lists, or of one twice. */
export interface GatewayChange extends Pick<AppliedEffects, 'sent' | 'posted'> {
  /** As it is now. */
  readonly device: Device;
  /** The parent and the root that it has left, and that root's list version since. */
  readonly left: { readonly parentId: DeviceId; readonly rootId: DeviceId; readonly version: number };
  /** The list version of the root that it has come to. */
  readonly version: number;
}

/** One step of a gateway's child list. An added child that has gone since, by deletion or to another gateway, has only its going left. */
export type ChildChange =
  | { readonly kind: 'add'; readonly version: number; readonly device: Device }
  | {
      readonly kind: 'delete';
      readonly version: number;
      readonly deviceId: DeviceId;
      readonly parentId: DeviceId;
      readonly nodeId: string;
    };

export interface ChildStatusesSet {
  /** Children of the gateway, whether their status changed or not. */
  readonly accepted: readonly DeviceId[];
  /** Those that were not ONLINE before. */
  readonly cameOnline: readonly DeviceId[];
}

export interface PropertyReport {
  readonly deviceId: DeviceId;
  readonly serviceId: string;
  readonly properties: JsonObject;
  /** ms since epoch, of the report. */
  readonly at: number;
}

export interface PushedReports {
  readonly projectId: ProjectId;
  readonly reports: readonly { readonly deviceId: DeviceId; readonly services: readonly ReportedService[] }[];
}

export interface ShadowService {
  readonly serviceId: string;
  readonly desired: JsonObject;
  readonly desiredAt: number | undefined;
  readonly reported: JsonObject;
  readonly reportedAt: number | undefined;
  readonly version: number;
}

export interface Shadows {
  /** In order of the services' ids; those that have none are left out. */
  readonly shadows: ReadonlyMap<DeviceId, readonly ShadowService[]>;
  /** Not looked at yet: together they were too much for one look. */
  readonly rest: readonly DeviceId[];
}

export interface ShadowDeltas {
  readonly deltas: readonly DeviceDelta[];
  /** Not looked at yet: together their shadows were too much for one look. */
  readonly rest: readonly DeviceId[];
}

export interface DeviceDelta {
  readonly deviceId: DeviceId;
  readonly rootId: DeviceId;
  /** At least one, in order of their ids. */
  readonly services: readonly ServiceDelta[];
}

/** What a CONNECT is checked against (device 1.4), whatever the project. */
export interface DeviceLogin {
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
  readonly auth: DeviceAuth;
  readonly frozen: boolean;
  readonly isChild: boolean;
  /** Source address of the last accepted connection, spared from the back-off (device 1.5). */
  readonly lastAddress: string | undefined;
}

export interface AttachedSession {
  readonly session: SessionRef;
  /** The session that this one replaced, perhaps on another node. */
  readonly replaced: SessionRef | undefined;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId: ProductId;
}

export interface SessionStore {
  findLogin(deviceId: DeviceId): Promise<DeviceLogin | undefined>;
  /** device 1.3: the primary fingerprint of a certificate device that has neither; false where it has one, perhaps since a moment ago. */
  adoptFingerprint(deviceId: DeviceId, fingerprint: string): Promise<boolean>;
  /** Atomically replaces the device's session, sets it ONLINE, activates it. Undefined: device gone or frozen meanwhile. */
  attach(session: {
    deviceId: DeviceId;
    node: string;
    address: string;
    at: number;
  }): Promise<AttachedSession | undefined>;
  /** device 5, access over HTTP: from INACTIVE to OFFLINE, since it needs no session; any other status stays. */
  activate(deviceId: DeviceId, at: number): Promise<void>;
  /** Marks the session as ended if it is still this one; status follows after the delay (device 5). */
  detach(deviceId: DeviceId, session: SessionRef, at: number): Promise<void>;
  /** Ends every session of a node, when it starts or its lease is lost. */
  detachNode(node: string, at: number): Promise<void>;
  /** Sets OFFLINE whoever has been without a session since before `endedBefore`; returns how many, at most `limit`. */
  settleOffline(endedBefore: number, limit: number): Promise<number>;
  /** When the earliest ended session ended; undefined: none waits. */
  earliestEnded(): Promise<number | undefined>;
  /** The root's session and the facts that decide reachability (device 4.7). */
  findReach(projectId: ProjectId, deviceId: DeviceId): Promise<DeviceReach | undefined>;
}

export interface DeviceReach {
  readonly deviceId: DeviceId;
  readonly rootId: DeviceId;
  readonly productId: ProductId;
  readonly appId: AppId;
  readonly frozen: boolean;
  readonly reachable: boolean;
}
