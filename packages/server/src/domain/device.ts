import type { AppId, DeviceId, ProductId, ProjectId, RecordId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { LegacyAttributes } from './legacy-attributes.ts';
import type { Tag } from './tag.ts';

/** Device page 5. `FROZEN` is shown in its place while the device is frozen. */
export type Connectivity = 'INACTIVE' | 'ONLINE' | 'OFFLINE' | 'ABNORMAL';
export type DeviceStatus = Connectivity | 'FROZEN';
export type AuthType = 'SECRET' | 'CERTIFICATES';

export interface DeviceAuth {
  readonly authType: AuthType;
  /** Clear text here, encrypted at rest; absent for certificate devices. */
  readonly secret?: string;
  readonly secondarySecret?: string;
  readonly fingerprint?: string;
  readonly secondaryFingerprint?: string;
  /** True: refused on plain TCP (device 1.4 step 6). */
  readonly secureAccess: boolean;
  /** Seconds without a first connection after which the device is deleted; 0: never. */
  readonly timeoutSeconds: number;
}

export interface NewDevice {
  readonly recordId: RecordId;
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId: ProductId;
  readonly nodeId: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** The direct parent; undefined for a direct device (shown with its own id, v5 6). */
  readonly parentId: DeviceId | undefined;
  readonly auth: DeviceAuth;
  readonly extensionInfo: JsonObject | undefined;
  /** Initial desired values by service; they win over the product's defaults. */
  readonly desired: Readonly<Record<string, JsonObject>>;
  readonly tags?: readonly Tag[];
  readonly legacy?: LegacyAttributes;
  readonly createdAt: number;
}

export interface Device extends Omit<NewDevice, 'desired' | 'tags'> {
  /** The direct device that carries this one's traffic: itself, or the gateway at the top (depth is at most 2 below). */
  readonly rootId: DeviceId;
  readonly appName: string;
  readonly productName: string;
  readonly connectivity: Connectivity;
  readonly frozen: boolean;
  readonly fwVersion: string | undefined;
  readonly swVersion: string | undefined;
  readonly sdkVersion: string | undefined;
  /** First ONLINE, ms since epoch. */
  readonly activeAt: number | undefined;
  /** Last change of connectivity, ms since epoch. */
  readonly statusAt: number | undefined;
  /** In order of key. */
  readonly tags: readonly Tag[];
  /** Nothing said: empty. */
  readonly legacy: LegacyAttributes;
  /** When somebody last changed what it is called and the like, ms since epoch; undefined: never. */
  readonly modifiedAt: number | undefined;
}

export function shownStatus(device: Pick<Device, 'connectivity' | 'frozen'>): DeviceStatus {
  return device.frozen ? 'FROZEN' : device.connectivity;
}

/** v5 6: every direct device is a gateway, every child an endpoint. */
export type NodeType = 'GATEWAY' | 'ENDPOINT';

export function nodeTypeOf(device: Pick<Device, 'parentId'>): NodeType {
  return device.parentId === undefined ? 'GATEWAY' : 'ENDPOINT';
}

export interface DeviceChanges {
  readonly name?: string;
  readonly description?: string;
  readonly extensionInfo?: JsonObject;
  readonly secureAccess?: boolean;
  readonly timeoutSeconds?: number;
}

/** The same for many devices at once; tags are added, and known keys get the new value (v5 12). */
export interface DeviceRowChanges extends DeviceChanges {
  readonly tags?: readonly Tag[];
  readonly legacy?: LegacyAttributes;
  /** Another product of its application (legacy 5.2). */
  readonly productId?: ProductId;
}

/** Versions that a device said of itself; absent never clears a stored one (device 3.3, `$sdk_info`). */
export interface ReportedVersions {
  readonly fwVersion?: string;
  readonly swVersion?: string;
  readonly sdkVersion?: string;
}

export const gatewayDepthMax = 2;
export const childrenPerGatewayMax = 50_000;

/** What one device's shadow may hold: as many services and properties as a product may declare (v5 5), and bytes per service. */
export const shadowLimits = { services: 500, properties: 500, serviceBytes: 256 * 1024 } as const;
