import type { AsyncCommand } from '../async-command.ts';
import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { DeviceNotifyType } from '../legacy-subscription.ts';
import type { Message } from '../message.ts';
import type { ReportedService } from '../notices/device-notices.ts';
import { type Product, traitsOf, unassignedProductId } from '../product.ts';
import type { Subject } from '../rule.ts';
import { toBasicTime } from '../time.ts';
import { type LegacyDevice, placeOf, shownDeviceInfo, shownNodeType } from './legacy-device.ts';

/** What legacy receivers are told when a subject of v5's happens (legacy 9.3); others say nothing to them. */
export const notifyTypesOf: Readonly<Partial<Record<Subject, readonly DeviceNotifyType[]>>> = {
  'device:create': ['deviceAdded'],
  'device:update': ['deviceInfoChanged'],
  'device:delete': ['bindDevice', 'deviceDeleted'],
  'device.status:update': ['bindDevice', 'deviceInfoChanged'],
  'device.property:report': ['deviceDataChanged', 'deviceDatasChanged'],
  'device.message.status:update': ['messageConfirm'],
  'device.command.status:update': ['messageConfirm', 'commandRsp'],
  'product:create': ['deviceModelAdded'],
  'product:delete': ['deviceModelDeleted'],
};

/** What happened with the device, beyond what the device itself shows. */
export type About =
  | { readonly kind: 'report'; readonly services: readonly ReportedService[] }
  | { readonly kind: 'command'; readonly command: AsyncCommand }
  | { readonly kind: 'message'; readonly message: Pick<Message, 'messageId' | 'status'> }
  | { readonly kind: 'product'; readonly product: Product };

export interface LegacyOccasion {
  readonly subject: Subject;
  /** ms since epoch. */
  readonly at: number;
  readonly appId: string;
  readonly requestId: string;
  readonly about: About | undefined;
  /** Undefined: it is gone, or the occasion has none. */
  readonly device: LegacyDevice | undefined;
  /** By the product's model; absent there: the id. */
  serviceTypeOf(serviceId: string): string;
}

/** A body whose first member says what it is: receivers look for it in the text (legacy 9.1). */
export interface LegacyMessage extends JsonObject {
  readonly notifyType: DeviceNotifyType;
}

/** In the order in which they go out. */
export function deviceMessages(occasion: LegacyOccasion): readonly LegacyMessage[] {
  const { about, device } = occasion;
  if (about?.kind === 'product') return productMessages(occasion, about.product);
  if (device === undefined) return [];
  switch (about?.kind) {
    case 'report':
      return reportMessages(occasion, device, about.services);
    case 'command':
      return commandMessages(occasion, device, about.command);
    case 'message':
      return messageMessages(occasion, device, about.message);
    case undefined:
      return stateMessages(occasion, device);
  }
}

function stateMessages({ subject, at }: LegacyOccasion, device: LegacyDevice): readonly LegacyMessage[] {
  const place = placeOf(device);
  const { deviceId } = device;
  const info = (): { readonly deviceInfo: JsonObject } => ({ deviceInfo: shownDeviceInfo(device) });
  const bound = (resultCode: string): LegacyMessage => ({ notifyType: 'bindDevice', deviceId, resultCode, ...info() });
  switch (subject) {
    case 'device:create':
      return [{ notifyType: 'deviceAdded', ...place, nodeType: shownNodeType(device), ...info() }];
    case 'device:update':
      return [{ notifyType: 'deviceInfoChanged', ...place, ...info() }];
    case 'device.status:update':
      return [
        ...(isFirstConnection(device) ? [bound('succeeded')] : []),
        { notifyType: 'deviceInfoChanged', ...place, ...info() },
      ];
    case 'device:delete':
      return [...(hasLapsed(device, at) ? [bound('expired')] : []), { notifyType: 'deviceDeleted', ...place }];
    default:
      return [];
  }
}

/** Both times are written by the change of status that activates a device, and by no other. */
const isFirstConnection = ({ connectivity, frozen, activeAt, statusAt }: LegacyDevice): boolean =>
  connectivity === 'ONLINE' && !frozen && activeAt !== undefined && activeAt === statusAt;

/** Never connected, and its time for that is over: whoever deletes it now only comes before the one who looks for such devices. */
const hasLapsed = ({ connectivity, auth, createdAt }: LegacyDevice, at: number): boolean =>
  connectivity === 'INACTIVE' && auth.timeoutSeconds > 0 && createdAt + auth.timeoutSeconds * 1000 <= at;

function reportMessages(
  { requestId, serviceTypeOf }: LegacyOccasion,
  device: LegacyDevice,
  reported: readonly ReportedService[],
): readonly LegacyMessage[] {
  const services = reported.map(({ serviceId, properties, at }) => ({
    serviceId,
    serviceType: serviceTypeOf(serviceId),
    data: properties,
    eventTime: toBasicTime(at),
  }));
  const place = placeOf(device);
  return [
    ...services.map((service): LegacyMessage => ({ notifyType: 'deviceDataChanged', requestId, ...place, service })),
    { notifyType: 'deviceDatasChanged', requestId, ...place, services },
  ];
}

/** Legacy 9.3: how far a command has come, and what the device answered. */
function commandMessages(
  occasion: LegacyOccasion,
  { deviceId }: LegacyDevice,
  { commandId, request, status, result }: AsyncCommand,
): readonly LegacyMessage[] {
  const { at, appId } = occasion;
  const { serviceId, commandName } = request;
  const confirmed = confirmedStatuses[status];
  if (confirmed === undefined) return [];
  const from = serviceId === undefined ? `/devices/${deviceId}` : `/devices/${deviceId}/services/${serviceId}`;
  const address = { requestId: commandId, from, to: appId };
  const body = result ?? {};
  const confirm: LegacyMessage = {
    notifyType: 'messageConfirm',
    header: { ...address, status: confirmed, timestamp: toBasicTime(at) },
    body,
  };
  if (confirmed !== 'executed') return [confirm];
  const serviceType = serviceId === undefined ? null : occasion.serviceTypeOf(serviceId);
  const header = { ...address, deviceId, serviceType, method: commandName ?? null };
  return [confirm, { notifyType: 'commandRsp', header, body: answerOf(body) }];
}

const confirmedStatuses: Readonly<Partial<Record<AsyncCommand['status'], 'sent' | 'delivered' | 'executed'>>> = {
  SENT: 'sent',
  DELIVERED: 'delivered',
  SUCCESSFUL: 'executed',
  FAILED: 'executed',
};

/** What the device said, without what v5 puts around it. */
const answerOf = (result: JsonObject): JsonObject => (isJsonObject(result['paras']) ? result['paras'] : result);

function messageMessages(
  { at, appId }: LegacyOccasion,
  { deviceId }: LegacyDevice,
  { messageId, status }: Pick<Message, 'messageId' | 'status'>,
): readonly LegacyMessage[] {
  if (status !== 'DELIVERED') return [];
  const address = { requestId: messageId, from: `/devices/${deviceId}`, to: appId };
  const header = { ...address, status: 'delivered', timestamp: toBasicTime(at) };
  return [{ notifyType: 'messageConfirm', header, body: {} }];
}

function productMessages({ subject, appId }: LegacyOccasion, product: Product): readonly LegacyMessage[] {
  // It stands for none (legacy 5.1).
  if (product.productId === unassignedProductId) return [];
  const { deviceType, manufacturerName = null, manufacturerId = null, model, protocolType } = traitsOf(product);
  const notifyType = subject === 'product:create' ? 'deviceModelAdded' : 'deviceModelDeleted';
  return [{ notifyType, appId, deviceType, manufacturerName, manufacturerId, model, protocolType }];
}
