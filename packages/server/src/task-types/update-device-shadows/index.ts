import { causeOf } from '../../domain/problem.ts';
import { isReachable, type Run } from '../../domain/run.ts';
import { type DesiredWrite, isWritable } from '../../domain/shadow.ts';
import { parseShadowDocument } from '../../domain/shadow-request.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import { defineTaskType } from '../define-task-type.ts';

/** Desired values are stored, whether the device is online or not; what it is told then is the way of every shadow (v5 13.7, device 6.4). */
export const updateDeviceShadows = defineTaskType({
  name: 'updateDeviceShadows',
  accepts: { devices: true, groups: true, file: false },
  upgradeOptions: false,
  longRunning: false,
  usesModels: true,
  parseDocument: (document) => ({
    shadow: parseShadowDocument(document).map(({ serviceId, desired }) => ({ service_id: serviceId, desired })),
  }),
  start(runs, ctx) {
    // Once for all: the store merges the same write into the same values only once.
    const writes = parseShadowDocument(ctx.task.document ?? {});
    return runs.map((run) => write(run, writes, ctx));
  },
  // Nothing is ever waited for: effect and result are one transaction.
  onEvent: () => ({ kind: 'unchanged' }),
  examples: [
    { shadow: [{ service_id: 'Motor', desired: { speed: 3, mode: null } }] },
    {
      shadow: [
        { service_id: 'Motor', desired: {} },
        { service_id: 'Lamp', desired: { on: true, colour: { red: 255 } } },
      ],
    },
  ],
});

function write({ device }: Run, writes: readonly DesiredWrite[], ctx: TaskContext): Verdict {
  if (device === undefined) return { kind: 'failed', cause: causeOf('deviceNotFound') };
  if (!isWritable(ctx.modelOf(device) ?? { capabilities: [] }, writes)) {
    return { kind: 'failed', cause: causeOf('propertyNotWritable') };
  }
  const { deviceId, rootId } = device;
  return {
    kind: 'done',
    // The versions come from the effect.
    output: {},
    effects: [{ kind: 'setDesired', deviceId, writes, at: ctx.now }],
    ...(isReachable(device) ? { downlinks: [{ deviceId, rootId, content: { kind: 'shadow-change' } }] } : {}),
  };
}
