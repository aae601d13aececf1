import type { FileFormat, NamedCells, RowFields } from '../../domain/batch-file.ts';
import type { DeviceRowChanges } from '../../domain/device.ts';
import {
  BadCell,
  readExtensionInfo,
  readFlag,
  readRequired,
  readSeconds,
  readTags,
  readText,
  tagsOf,
} from '../../domain/device-cells.ts';
import { legacyAttributesOf, legacyColumns, readLegacyCells } from '../../domain/legacy-cells.ts';
import { asId, type ProductId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import { causeOf } from '../../domain/problem.ts';
import { deviceIdColumn, deviceIdRule, type GoodRow, namedTarget, rowReader } from '../../domain/read-row.ts';
import type { Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { defineTaskType } from '../define-task-type.ts';

const changeColumns: FileFormat['columns'] = [
  { name: 'device_name', required: false, example: 'Press-7', meaning: 'Name.' },
  { name: 'description', required: false, example: '', meaning: 'What the device is.' },
  { name: 'secure_access', required: false, example: 'true', meaning: 'true: TLS only.' },
  { name: 'timeout', required: false, example: '', meaning: 'Seconds to the first connection; 0: no limit.' },
  {
    name: 'tags',
    required: false,
    example: 'hall=east',
    meaning: 'Tags to add, as k=v;k=v; a known key gets the new value.',
  },
  { name: 'extension_info', required: false, example: '', meaning: 'A JSON object of at most 1 KB.' },
  { name: 'product_id', required: false, example: '', meaning: 'Another product of its application.', legacy: true },
  ...legacyColumns,
];

const file: FileFormat = {
  columns: [deviceIdColumn, ...changeColumns],
  wantsMore: true,
  readRow: rowReader(readChanges, (cells) => namedTarget(cells, 'device_id')),
};

/** New values for what a row says; an empty cell changes nothing (v5 12). */
export const updateDevices = defineTaskType({
  name: 'updateDevices',
  accepts: { devices: false, groups: false, file: true },
  upgradeOptions: false,
  longRunning: false,
  usesModels: false,
  file,
  parseDocument: undefined,
  start: (runs) => runs.map(update),
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [undefined],
});

function readChanges(cells: NamedCells): GoodRow {
  const target = readRequired(cells, 'device_id', deviceIdRule);
  const fields = {
    name: readText(cells, 'device_name', { shape: 'name', max: 256 }),
    description: readText(cells, 'description', { shape: 'name', max: 2048 }),
    secureAccess: readFlag(cells, 'secure_access'),
    timeoutSeconds: readSeconds(cells, 'timeout'),
    tags: readTags(cells, 'tags'),
    extensionInfo: readExtensionInfo(cells, 'extension_info'),
    productId: readText(cells, 'product_id', { shape: 'id', max: 36 }),
    ...readLegacyCells(cells),
  };
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (said.length === 0) throw new BadCell('device_id', 'has nothing to change: every other cell is empty');
  return { target, fields: Object.fromEntries(said) as RowFields };
}

function update({ device, fields = {} }: Run): Verdict {
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const { deviceId, appId } = device;
  return {
    kind: 'done',
    output: { device_id: deviceId, app_id: appId },
    effects: [{ kind: 'updateDevice', deviceId, changes: changesOf(fields) }],
  };
}

function changesOf(fields: RowFields): DeviceRowChanges {
  const { tags: cell, extensionInfo, name, description, secureAccess, timeoutSeconds, productId } = fields;
  const tags = tagsOf(cell);
  const legacy = legacyAttributesOf(fields);
  return {
    ...(tags === undefined ? {} : { tags }),
    ...(legacy === undefined ? {} : { legacy }),
    ...(typeof productId === 'string' ? { productId: asId<ProductId>(productId) } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof secureAccess === 'boolean' ? { secureAccess } : {}),
    ...(typeof timeoutSeconds === 'number' ? { timeoutSeconds } : {}),
    ...(typeof extensionInfo === 'string' ? { extensionInfo: JSON.parse(extensionInfo) as JsonObject } : {}),
  };
}
