import { causeOf } from '../../domain/problem.ts';
import { deviceIdFile } from '../../domain/read-row.ts';
import { isChild, type Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { defineTaskType } from '../define-task-type.ts';

/** Frozen already is success; children cannot be frozen (v5 6, 13.7). */
export const freezeDevices = defineTaskType({
  name: 'freezeDevices',
  accepts: { devices: true, groups: true, file: true },
  upgradeOptions: false,
  longRunning: false,
  usesModels: false,
  file: deviceIdFile,
  parseDocument: undefined,
  start: (runs) => runs.map(freeze),
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [undefined],
});

function freeze({ device }: Run): Verdict {
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const { deviceId } = device;
  if (isChild(device)) return { kind: 'failed', cause: causeOf('childCannotFreeze') };
  const output = { device_id: deviceId, app_id: device.appId };
  return device.frozen
    ? { kind: 'done', output }
    : { kind: 'done', output, effects: [{ kind: 'freezeDevice', deviceId }] };
}
