import { causeOf } from '../../domain/problem.ts';
import { deviceIdFile } from '../../domain/read-row.ts';
import type { Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { defineTaskType } from '../define-task-type.ts';

/** The devices are gone, with all that hangs on them; children that are targets, too, go before their gateway (v5 13.3, 13.7). */
export const deleteDevices = defineTaskType({
  name: 'deleteDevices',
  accepts: { devices: true, groups: true, file: true },
  upgradeOptions: false,
  longRunning: false,
  usesModels: false,
  file: deviceIdFile,
  order: 'children-first',
  parseDocument: undefined,
  start: (runs, { now }) => runs.map((run) => remove(run, now)),
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [undefined],
});

function remove({ device }: Run, at: number): Verdict {
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  const { deviceId, appId } = device;
  return {
    kind: 'done',
    output: { device_id: deviceId, app_id: appId },
    effects: [{ kind: 'deleteDevice', deviceId, at }],
  };
}
