import type { DeviceStore } from '../../../ports/store/device-store.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { reportVersions, setChildStatuses, setFingerprint, setSecret, updateDevice } from './change-device.ts';
import { changeGateway } from './change-gateway.ts';
import { childListVersion, listChildChanges, listChildren } from './child-list.ts';
import { deleteDevice } from './delete-device.ts';
import { findDevice, listDevices, listLapsed } from './device-queries.ts';
import { foldCounts } from './fold-counts.ts';
import { insertDevice, insertDevices } from './insert-device.ts';
import { readDeviceFacts } from './read-device-facts.ts';
import { clearShadow, getShadow, listShadows, reportProperties } from './shadow.ts';
import { listDifferingChildren, listShadowDeltas } from './shadow-deltas.ts';

export function createDeviceStore({ read, write }: Runner, ctx: SqlContext): DeviceStore {
  return {
    insert: (device) => write(() => insertDevice(ctx, device)),
    insertMany: (devices) => write(() => insertDevices(ctx, devices)),
    find: (projectId, deviceId) => read(() => findDevice(ctx, projectId, deviceId)),
    list: (filter, page) => read(() => listDevices(ctx, filter, page)),
    update: (projectId, deviceId, changes) => write(() => updateDevice(ctx, { projectId, deviceId }, changes)),
    setSecret: (projectId, deviceId, secret) => write(() => setSecret(ctx, { projectId, deviceId }, secret)),
    setFingerprint: (projectId, deviceId, fingerprint) =>
      write(() => setFingerprint(ctx, { projectId, deviceId }, fingerprint)),
    delete: (projectId, deviceId, at) => write(() => deleteDevice(ctx, { projectId, deviceId }, at)),
    changeGateway: (projectId, deviceId, to) => write(() => changeGateway(ctx, { projectId, deviceId }, to)),
    listLapsed: (now, limit) => read(() => listLapsed(now, limit)),
    foldCounts: (shards) => write(() => foldCounts(ctx, shards)),
    listChildren: (gatewayId, after, limit) => read(() => listChildren(ctx, gatewayId, { after, limit })),
    childListVersion: (gatewayId) => read(() => childListVersion(ctx, gatewayId)),
    listChildChanges: (gatewayId, after, limit) => read(() => listChildChanges(ctx, gatewayId, { after, limit })),
    setChildStatuses: (gatewayId, statuses, at) => write(() => setChildStatuses(ctx, gatewayId, { statuses, at })),
    reportVersions: (deviceId, versions) => write(() => reportVersions(deviceId, versions)),
    reportProperties: (reports, pushed) => write(() => reportProperties(ctx, reports, pushed)),
    listShadows: (deviceIds) => read(() => listShadows(ctx, deviceIds)),
    getShadow: (deviceId) => read(() => getShadow(ctx, deviceId)),
    clearShadow: (projectId, deviceId) => write(() => clearShadow(ctx, projectId, deviceId)),
    listShadowDeltas: (deviceIds) => read(() => listShadowDeltas(ctx, deviceIds)),
    listDifferingChildren: (rootId, after) => read(() => listDifferingChildren(rootId, after)),
    readFacts: (projectId, query) => read(() => readDeviceFacts(ctx, projectId, query)),
  };
}
