import type { LegacyBatchType, Task, TaskTypeName } from '../../domain/task.ts';
import type { TaskFilter } from '../../ports/store/task-store.ts';

/** Legacy 10.1: which type of the core a legacy batch task is. */
export const coreTypeOf = {
  DeviceReg: 'createDevices',
  DeviceCmd: 'createAsyncCommands',
  DeviceLocation: 'updateDevices',
  DeviceMod: 'updateDevices',
  DeviceDel: 'deleteDevices',
  DeviceLicense: 'updateDevices',
} as const satisfies Record<LegacyBatchType, TaskTypeName>;

const legacyTypeOf: Partial<Record<TaskTypeName, LegacyBatchType>> = {
  createDevices: 'DeviceReg',
  updateDevices: 'DeviceMod',
  deleteDevices: 'DeviceDel',
  createAsyncCommands: 'DeviceCmd',
  createCommands: 'DeviceCmd',
};

/** Types whose tasks are batch tasks here. */
export const batchTypes = Object.keys(legacyTypeOf) as TaskTypeName[];

/** Undefined: a task of this type has no name here. */
export const batchTypeOf = ({ type, legacy }: Pick<Task, 'type' | 'legacy'>): LegacyBatchType | undefined =>
  legacy?.batchType ?? legacyTypeOf[type];

/** What of the core is shown under a legacy type: what is marked goes by its mark, what is not by its own type. */
export function tasksOf(batchType: LegacyBatchType): Pick<TaskFilter, 'types' | 'marks'> {
  const core = coreTypeOf[batchType];
  if (legacyTypeOf[core] !== batchType) return { types: [core], marks: [batchType] };
  return { types: batchTypes.filter((type) => legacyTypeOf[type] === batchType), marks: [batchType, null] };
}
