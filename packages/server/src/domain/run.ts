import type { Connectivity } from './device.ts';
import type { RowFields } from './batch-file.ts';
import type { AppId, DeviceId, ProductId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { RunRef } from './request-id.ts';
import type { SubtaskState } from './subtask-state.ts';

/** Which connection a device can be reached by now. */
export interface SessionRef {
  readonly node: string;
  /** Grows with each accepted connection; work of an older one is discarded (device 1.6). */
  readonly epoch: number;
}

/** What a task type may know of its target, read in the transaction that applies its verdict. */
export interface RunDevice {
  readonly deviceId: DeviceId;
  readonly appId: AppId;
  readonly productId: ProductId;
  /** The device whose session carries the traffic; differs from `deviceId` for children. */
  readonly rootId: DeviceId;
  readonly frozen: boolean;
  readonly connectivity: Connectivity;
  readonly fwVersion: string | undefined;
  readonly swVersion: string | undefined;
  /** The root's session; undefined: nobody is connected. */
  readonly session: SessionRef | undefined;
  /** Another run holds this device's lane (v5 13.6, Task Conflict). */
  readonly laneTaken: boolean;
}

/** One subtask in the hands of its type. */
export interface Run extends RunRef {
  readonly target: string;
  readonly state: SubtaskState;
  /** The type's own finer step while Processing. */
  readonly step: string | undefined;
  /** What the type left for itself in its last `waiting` verdict of this attempt. */
  readonly work: JsonObject | undefined;
  /** What the row of a file says; undefined for other targets. */
  readonly fields?: RowFields | undefined;
  /** Undefined: no such device in this project. */
  readonly device: RunDevice | undefined;
  /** How many targets of this task share the root of this device; filled in gateway mode only. */
  readonly siblings: number;
}

/**
 * Which runs of one task wait for others (v5 13.3). `parents-first`: a row comes after the row of its `parent`. `children-first`: a device
 * comes after its children that are targets, too.
 */
export type RunOrder = 'parents-first' | 'children-first';

/** Device 4.7: a child is reachable when its gateway's session exists and its own status is ONLINE. */
export function isReachable(
  device: Pick<RunDevice, 'deviceId' | 'rootId' | 'frozen' | 'connectivity' | 'session'>,
): boolean {
  if (device.session === undefined || device.frozen) return false;
  return device.rootId === device.deviceId || device.connectivity === 'ONLINE';
}

export const isChild = (device: Pick<RunDevice, 'deviceId' | 'rootId'>): boolean => device.rootId !== device.deviceId;
