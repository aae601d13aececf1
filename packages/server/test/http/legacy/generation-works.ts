import type { Device } from '../../../src/domain/device.ts';

/** What can be asked for in both generations. */
export type Work =
  | 'commands'
  | 'firmware'
  | 'software'
  | 'registrations'
  | 'changes'
  | 'locations'
  | 'licenses'
  | 'deletions';

export type WorkKind =
  | { readonly kind: 'commands'; readonly v5Type: string; readonly legacyType: string }
  | {
      readonly kind: 'upgrade';
      readonly v5Type: 'firmwareUpgrade' | 'softwareUpgrade';
      readonly operationType: string;
      readonly packageType: 'firmwarePackage' | 'softwarePackage';
    }
  | {
      readonly kind: 'file';
      readonly v5Type: string;
      readonly legacyType: string;
      /** Of the file, for these devices. */
      lines(devices: readonly (readonly [deviceId: string, nodeId: string])[], productId: string): readonly string[];
    };

export const works: Record<Work, WorkKind> = {
  commands: { kind: 'commands', v5Type: 'createAsyncCommands', legacyType: 'DeviceCmd' },
  firmware: {
    ...{ kind: 'upgrade', v5Type: 'firmwareUpgrade', operationType: 'firmware_upgrade' },
    packageType: 'firmwarePackage',
  },
  software: {
    ...{ kind: 'upgrade', v5Type: 'softwareUpgrade', operationType: 'software_upgrade' },
    packageType: 'softwarePackage',
  },
  registrations: {
    ...{ kind: 'file', v5Type: 'createDevices', legacyType: 'DeviceReg' },
    // The nodes that are there, and two more.
    lines: (devices, productId) => [
      'node_id,product_id,device_name,location',
      ...[...devices.map(([, nodeId]) => nodeId), 'fresh-1', 'fresh-2'].map(
        (node) => `${node},${productId},Press,hall 3`,
      ),
    ],
  },
  changes: {
    ...{ kind: 'file', v5Type: 'updateDevices', legacyType: 'DeviceMod' },
    lines: (devices) => ['device_id,device_name,location', ...devices.map(([id]) => `${id},Renamed,hall 4`)],
  },
  // v5 has no types of these names: there they are changes like others, from a sheet of these two columns alone (legacy 10.1).
  locations: {
    ...{ kind: 'file', v5Type: 'updateDevices', legacyType: 'DeviceLocation' },
    lines: (devices) => ['device_id,location', ...devices.map(([id], at) => `${id},hall ${at}`)],
  },
  licenses: {
    ...{ kind: 'file', v5Type: 'updateDevices', legacyType: 'DeviceLicense' },
    lines: (devices) => ['device_id,license', ...devices.map(([id], at) => `${id},L-${at}`)],
  },
  deletions: {
    ...{ kind: 'file', v5Type: 'deleteDevices', legacyType: 'DeviceDel' },
    lines: (devices) => ['device_id', ...devices.map(([id]) => id)],
  },
};

export const idsOf = (devices: readonly Device[]): readonly string[] => devices.map(({ deviceId }) => deviceId);
