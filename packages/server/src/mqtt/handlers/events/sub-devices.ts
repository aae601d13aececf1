import { asId, type DeviceId, type ProductId } from '../../../domain/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { Problem } from '../../../domain/problem.ts';
import { type Clock, sleep } from '../../../ports/clock.ts';
import type { ChildStatus, NewChild, SubDevices } from '../../../services/device-side/sub-devices.ts';
import { noticeDownlinks } from '../../../domain/sub-device-notice.ts';
import type { CommandDelivery } from '../../commands/command-delivery.ts';
import type { Session } from '../../gateway-hooks.ts';
import type { MessageDelivery } from '../../messages/message-delivery.ts';
import type { ShadowDelivery } from '../../shadows/shadow-delivery.ts';
import type { UplinkCall } from '../uplink-call.ts';
import { decodeInteger, decodeName, invalid } from '../../../services/device-side/decode/fields.ts';
import type { EventCall, EventHandlers } from './event-call.ts';

export interface SubDeviceHandlerParts {
  readonly subDevices: SubDevices;
  readonly delivery: Pick<MessageDelivery, 'onChildrenReachable'>;
  readonly shadows: Pick<ShadowDelivery, 'onChildrenReachable'>;
  readonly commands: Pick<CommandDelivery, 'onChildrenReachable'>;
  readonly clock: Clock;
}

/** `$sub_device_manager` (device 9). Everything is about the children of the session's device, whoever is named as object. */
export function createSubDeviceHandlers(parts: SubDeviceHandlerParts): EventHandlers {
  return {
    sub_device_update_status: (event) => updateStatuses(parts, event),
    add_sub_device_request: (event) => addChildren(parts, event),
    delete_sub_device_request: (event) => deleteChildren(parts, event),
    sub_device_sync_request: (event) => synchronize(parts, event),
  };
}

const entriesMax = 100;
const idMax = 256;

async function updateStatuses(parts: SubDeviceHandlerParts, event: EventCall): Promise<void> {
  const { subDevices, delivery, shadows, commands } = parts;
  const { session, drop } = event.uplink;
  const entries = listOf(event.paras['device_statuses']);
  if (entries === undefined) return drop('bad-payload');
  const isCountRight = entries.length >= 1 && entries.length <= entriesMax;
  const failed: JsonObject[] = [];
  const statuses: ChildStatus[] = [];
  for (const entry of entries.slice(0, entriesMax)) {
    const status = decodeStatus(entry);
    if (status !== undefined && isCountRight) statuses.push(status);
    else failed.push({ device_id: shownId(entry), ...failureOf(wrongStatus) });
  }
  const set = statuses.length > 0 ? await subDevices.setStatuses(session.device, statuses) : nothingSet;
  const accepted = new Set(set.accepted);
  const unknown = statuses.filter(({ deviceId }) => !accepted.has(deviceId));
  failed.push(...unknown.map(({ deviceId }) => ({ device_id: deviceId, ...failureOf(notAChild) })));
  const successful = statuses.filter(({ deviceId }) => accepted.has(deviceId)).map(encodeStatus);
  event.answer('sub_device_update_status_response', { successful_devices: successful, failed_devices: failed });
  const { cameOnline } = set;
  await commands.onChildrenReachable(cameOnline);
  delivery.onChildrenReachable(session, cameOnline, () => shadows.onChildrenReachable(session, cameOnline));
}

const nothingSet = { accepted: [], cameOnline: [] };

function decodeStatus(entry: Json): ChildStatus | undefined {
  if (!isJsonObject(entry)) return undefined;
  const deviceId = decodeName(entry['device_id'], idMax);
  const { status } = entry;
  if (typeof deviceId !== 'string' || (status !== 'ONLINE' && status !== 'OFFLINE')) return undefined;
  return { deviceId: asId<DeviceId>(deviceId), status };
}

const encodeStatus = ({ deviceId, status }: ChildStatus): JsonObject => ({ device_id: deviceId, status });

async function addChildren({ subDevices }: SubDeviceHandlerParts, event: EventCall): Promise<void> {
  const entries = listOf(event.paras['devices']);
  if (entries === undefined) return event.uplink.drop('bad-payload');
  const isCountRight = entries.length >= 1 && entries.length <= entriesMax;
  const successful: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries.slice(0, entriesMax)) {
    const outcome = await attempt(async () => {
      if (!isCountRight) throw wrongChild;
      return subDevices.add(event.uplink.session.device, decodeChild(entry));
    });
    if (outcome instanceof Problem) failed.push({ ...shownChild(entry), ...failureOf(outcome) });
    else successful.push(outcome);
  }
  event.answer('add_sub_device_response', { successful_devices: successful, failed_devices: failed });
}

/** v5 6, the fields of a new device; lengths in characters. Throws a Problem. */
function decodeChild(entry: Json): NewChild {
  if (!isJsonObject(entry)) throw wrongChild;
  const text = (field: string, charactersMax: number): string | undefined => {
    const value = decodeName(entry[field], charactersMax);
    if (value === invalid) throw wrongChild;
    return value;
  };
  const id = (field: string, charactersMax: number): string | undefined => {
    const value = text(field, charactersMax);
    if (value !== undefined && !/^[\w-]+$/.test(value)) throw wrongChild;
    return value;
  };
  const nodeId = id('node_id', 64);
  const productId = id('product_id', 36);
  const deviceId = id('device_id', 128);
  const extensionInfo = entry['extension_info'] ?? undefined;
  if (nodeId === undefined || productId === undefined) throw wrongChild;
  if (extensionInfo !== undefined && !isJsonObject(extensionInfo)) throw wrongChild;
  return {
    nodeId,
    productId: asId<ProductId>(productId),
    deviceId: deviceId === undefined ? undefined : asId<DeviceId>(deviceId),
    parentId: id('parent_device_id', 128),
    name: text('name', 256),
    description: text('description', 2048),
    extensionInfo,
  };
}

async function deleteChildren({ subDevices }: SubDeviceHandlerParts, event: EventCall): Promise<void> {
  const ids = listOf(event.paras['devices']);
  if (ids === undefined) return event.uplink.drop('bad-payload');
  const successful: string[] = [];
  const failed: JsonObject[] = [];
  for (const id of ids) {
    const outcome = await attempt(async () => {
      if (typeof id !== 'string' || id.length > idMax) throw notAChild;
      await subDevices.remove(event.uplink.session.device, id);
      return id;
    });
    if (outcome instanceof Problem) failed.push({ device_id: shownText(id), ...failureOf(outcome) });
    else successful.push(outcome);
  }
  event.answer('delete_sub_device_response', { successful_devices: successful, failed_devices: failed });
}

/** Sent as it is read: a gateway may have 50,000 children. */
async function synchronize({ subDevices, clock }: SubDeviceHandlerParts, event: EventCall): Promise<void> {
  const { uplink } = event;
  const since = decodeInteger(event.paras['version']);
  if (since === invalid) return uplink.drop('bad-payload');
  const { device } = uplink.session;
  for await (const notice of subDevices.list(device, since)) {
    await roomIn(uplink.session, clock);
    if (!uplink.session.isOpen) return;
    for (const { content } of noticeDownlinks(notice)) sendNotice(uplink, device.deviceId, content);
  }
}

function sendNotice(
  uplink: UplinkCall,
  deviceId: DeviceId,
  content: ReturnType<typeof noticeDownlinks>[number]['content'],
): void {
  if (content.kind === 'event') uplink.answer(deviceId, content);
}

const unsentBytesMax = 262_144;
const roomPauseMs = 50;

/** The session is closed far above this (device 2, slow reader). */
async function roomIn(session: Session, clock: Clock): Promise<void> {
  const never = new AbortController().signal;
  while (session.isOpen && session.unsentBytes > unsentBytesMax) await sleep(clock, roomPauseMs, never);
}

/** The result, or the Problem that the gateway is told. */
async function attempt<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const notAChild = new Problem('deviceNotFound');
const wrongStatus = new Problem('invalidInput', {
  args: ['device_statuses: 1 to 100 of device_id and ONLINE or OFFLINE'],
});
const wrongChild = new Problem('invalidInput', { args: ['devices: 1 to 100 with the fields of a device'] });

function failureOf(problem: Problem): JsonObject {
  return { error_code: `IOTDA.${problem.code}`, error_msg: problem.message };
}

const listOf = (value: Json | undefined): readonly Json[] | undefined =>
  Array.isArray(value) ? (value as readonly Json[]) : undefined;

/** What a gateway wrote, as far as it can be handed back. */
const shownText = (value: Json | undefined): string => (typeof value === 'string' ? value.slice(0, idMax) : '');

const shownId = (entry: Json): string => (isJsonObject(entry) ? shownText(entry['device_id']) : '');

const shownChild = (entry: Json): JsonObject =>
  isJsonObject(entry)
    ? { node_id: shownText(entry['node_id']), product_id: shownText(entry['product_id']) }
    : { node_id: '', product_id: '' };
