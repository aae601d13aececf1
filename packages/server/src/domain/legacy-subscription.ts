import type { AppId, ProjectId, RecordId } from './ids.ts';

/** Legacy 9.2: what becomes of upgrades. */
export const upgradeNotifyTypes = [
  'swUpgradeStateChangeNotify',
  'swUpgradeResultNotify',
  'fwUpgradeStateChangeNotify',
  'fwUpgradeResultNotify',
] as const;

/** Legacy 9.3: what happens to devices. */
export const deviceNotifyTypes = [
  'deviceAdded',
  'bindDevice',
  'deviceInfoChanged',
  'deviceDataChanged',
  'deviceDatasChanged',
  'deviceDeleted',
  'messageConfirm',
  'commandRsp',
  'deviceModelAdded',
  'deviceModelDeleted',
] as const;

/** Legacy 8: can be subscribed, and never come. */
export const silentNotifyTypes = [
  'deviceEvent',
  'serviceInfoChanged',
  'ruleEvent',
  'deviceDesiredPropertiesModifyStatusChanged',
  'deviceCapabilitiesChanged',
  'deviceCapabilitiesAdded',
  'deviceCapabilitiesDeleted',
] as const;

export type UpgradeNotifyType = (typeof upgradeNotifyTypes)[number];
export type DeviceNotifyType = (typeof deviceNotifyTypes)[number];
export type NotifyType = UpgradeNotifyType | DeviceNotifyType | (typeof silentNotifyTypes)[number];

/** By which of the three calls it was made (legacy 8). */
export type SubscriptionKind = 'business' | 'management' | 'oldest';

/** One per application and type. */
export interface Subscription {
  readonly recordId: RecordId;
  readonly subscriptionId: string;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly notifyType: NotifyType;
  /** As it was sent. */
  readonly url: string;
  readonly kind: SubscriptionKind;
}

/** Legacy 8: an absolute address over http or https. */
export function isCallbackUrl(text: string): boolean {
  // Neither blanks nor what no database keeps.
  return (
    /^https?:\/\/[^/?#\s][^\s\p{Cc}\p{Cs}]*$/iu.test(text) && [...text].length <= callbackUrlMax && URL.canParse(text)
  );
}

export const callbackUrlMax = 1024;
