import { causeOf } from '../../domain/problem.ts';
import { deviceIdFile } from '../../domain/read-row.ts';
import { isChild, type Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { defineTaskType } from '../define-task-type.ts';

/** Only a frozen device can be unfrozen (v5 6, 13.7). */
export const unfreezeDevices = defineTaskType({
  name: 'unfreezeDevices',
  accepts: { devices: true, groups: true, file: true },
  upgradeOptions: false,
  longRunning: false,
  usesModels: false,
  file: deviceIdFile,
  parseDocument: undefined,
  start: (runs) => runs.map(unfreeze),
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [undefined],
});

function unfreeze({ device }: Run): Verdict {
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const { deviceId } = device;
  if (isChild(device)) return { kind: 'failed', cause: causeOf('childCannotFreeze') };
  if (!device.frozen) return { kind: 'failed', cause: causeOf('deviceNotFrozen') };
  return {
    kind: 'done',
    output: { device_id: deviceId, app_id: device.appId },
    effects: [{ kind: 'unfreezeDevice', deviceId }],
  };
}
