import type { TaskTypeTable } from '../ports/task-type.ts';
import { createAsyncCommands } from './create-async-commands/index.ts';
import { createCommands } from './create-commands/index.ts';
import { createDevices } from './create-devices/index.ts';
import { createMessages } from './create-messages/index.ts';
import { deleteDevices } from './delete-devices/index.ts';
import { firmwareUpgrade } from './firmware-upgrade/index.ts';
import { freezeDevices } from './freeze-devices/index.ts';
import { softwareUpgrade } from './software-upgrade/index.ts';
import { unfreezeDevices } from './unfreeze-devices/index.ts';
import { updateDevices } from './update-devices/index.ts';
import { updateDeviceShadows } from './update-device-shadows/index.ts';

/** Every task type; a missing or an extra one does not compile. */
export const taskTypes = {
  softwareUpgrade,
  firmwareUpgrade,
  createDevices,
  updateDevices,
  deleteDevices,
  createCommands,
  createAsyncCommands,
  createMessages,
  updateDeviceShadows,
  freezeDevices,
  unfreezeDevices,
} satisfies TaskTypeTable;
