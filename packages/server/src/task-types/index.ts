import type { TaskTypeTable } from '../ports/task-type.ts';
import { createAsyncCommands } from './create-async-commands/index.ts';
import { createCommands } from './create-commands/index.ts';
import { createMessages } from './create-messages/index.ts';
import { firmwareUpgrade } from './firmware-upgrade/index.ts';
import { freezeDevices } from './freeze-devices/index.ts';
import { softwareUpgrade } from './software-upgrade/index.ts';
import { unfreezeDevices } from './unfreeze-devices/index.ts';

/** Every task type; a missing or an extra one does not compile. */
export const taskTypes = {
  softwareUpgrade,
  firmwareUpgrade,
  createCommands,
  createAsyncCommands,
  createMessages,
  freezeDevices,
  unfreezeDevices,
} satisfies TaskTypeTable;
