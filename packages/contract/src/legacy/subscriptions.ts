import { Type } from 'typebox';
import type { Static } from 'typebox';
import { pagedOrWhole, pageMembers } from './paging.ts';
import { oneOf, shown, string, textOrNull } from './primitives.ts';

/** Legacy 9.2: what becomes of upgrades. */
export const legacyUpgradeNotifyTypes = [
  'swUpgradeStateChangeNotify',
  'swUpgradeResultNotify',
  'fwUpgradeStateChangeNotify',
  'fwUpgradeResultNotify',
] as const;

/** Legacy 9.3: what happens to devices. */
export const legacyDeviceNotifyTypes = [
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
export const legacySilentNotifyTypes = [
  'deviceEvent',
  'serviceInfoChanged',
  'ruleEvent',
  'deviceDesiredPropertiesModifyStatusChanged',
  'deviceCapabilitiesChanged',
  'deviceCapabilitiesAdded',
  'deviceCapabilitiesDeleted',
] as const;

export const legacyNotifyTypes = [
  ...legacyUpgradeNotifyTypes,
  ...legacyDeviceNotifyTypes,
  ...legacySilentNotifyTypes,
] as const;

const notifyType = (description: string) => oneOf([...legacyNotifyTypes], description);

/** Any text, for what is no address is refused in words of its own. */
const url = (description: string) => Type.String({ description, 'x-error-code': '100222' });

// Legacy 8: both spellings are accepted everywhere; one of them must be there.
const urls = {
  callbackUrl: Type.Optional(url('Where messages go: http or https, at most 1024 characters.')),
  callbackurl: Type.Optional(url('The same in the spelling of the management call.')),
};

const management = {
  notifyType: notifyType('What is to be told.'),
  ...urls,
};

export const LegacySubscribeRequest = Type.Object({
  ...management,
  appId: Type.Optional(string(64, 'Owner; absent: the caller.')),
  channel: Type.Optional(oneOf(['HTTP'], 'Only `HTTP`.')),
});
export type LegacySubscribeRequest = Static<typeof LegacySubscribeRequest>;

export const LegacySubscribeQuery = Type.Object({
  ownerFlag: Type.Optional(Type.String({ description: 'Without effect.' })),
});
export type LegacySubscribeQuery = Static<typeof LegacySubscribeQuery>;

export const ManagementSubscribeRequest = Type.Object(management);
export type ManagementSubscribeRequest = Static<typeof ManagementSubscribeRequest>;

export const LegacySubscription = Type.Object(
  {
    subscriptionId: shown('Id.'),
    notifyType: shown('What is told.'),
    callbackUrl: shown('Where messages go.'),
    callbackurl: shown('The same.'),
    clientIds: textOrNull('Always null: clients of another channel.'),
  },
  { description: 'A subscription.' },
);
export type LegacySubscription = Static<typeof LegacySubscription>;

export const ListSubscriptionsQuery = Type.Object({
  notifyType: Type.Optional(notifyType('Only the one of this type.')),
  ...pagedOrWhole({ usual: 10, max: 250 }),
});
export type ListSubscriptionsQuery = Static<typeof ListSubscriptionsQuery>;

export const ListSubscriptionsResponse = Type.Object({
  subscriptions: Type.Array(LegacySubscription, { description: 'The subscriptions, oldest first.' }),
  ...pageMembers,
});
export type ListSubscriptionsResponse = Static<typeof ListSubscriptionsResponse>;

export const DeleteSubscriptionsQuery = Type.Object({
  notifyType: Type.Optional(notifyType('Only the one of this type.')),
  callbackUrl: Type.Optional(string(1024, 'Only those with exactly this URL.')),
  callbackurl: Type.Optional(string(1024, 'The same in the spelling of the management call.')),
});
export type DeleteSubscriptionsQuery = Static<typeof DeleteSubscriptionsQuery>;
