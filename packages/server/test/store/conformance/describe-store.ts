import { describe } from 'vitest';
import { describeAccessCodes } from './access-codes.ts';
import { describeAccounts } from './accounts.ts';
import { describeApps } from './apps.ts';
import { describeBatchFiles } from './batch-files.ts';
import { describeChildren } from './children.ts';
import { describeCommands } from './commands.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeDeliveryLog } from './delivery-log.ts';
import { describeDeviceCounts } from './device-counts.ts';
import { describeDevices } from './devices.ts';
import { describeEvents } from './events.ts';
import { describeExports } from './exports.ts';
import { describeForeignProjects } from './foreign-projects.ts';
import { describeGroups } from './groups.ts';
import { describeLegacyAccess } from './legacy-access.ts';
import { describeLegacyAttributes } from './legacy-attributes.ts';
import { describeLegacyCommands } from './legacy-commands.ts';
import { describeLegacyPushes } from './legacy-pushes.ts';
import { describeLegacySubscriptions } from './legacy-subscriptions.ts';
import { describeLifecycle } from './lifecycle.ts';
import { describeMessages } from './messages.ts';
import { describeModules } from './modules.ts';
import { describeNodes } from './nodes.ts';
import { describeOutbox } from './outbox.ts';
import { describeFlowControl } from './flow-control.ts';
import { describePackages } from './packages.ts';
import { describePolicies } from './policies.ts';
import { describeProducts } from './products.ts';
import { describePutOffMessages } from './put-off-messages.ts';
import { describeQueues } from './queues.ts';
import { describeRules } from './rules.ts';
import { describeSearch } from './search.ts';
import { describeSessions } from './sessions.ts';
import { describeShadows } from './shadows.ts';
import { describeSubtaskPages } from './subtask-pages.ts';
import { describeSubtasks } from './subtasks.ts';
import { describeTags } from './tags.ts';
import { describeTasks } from './tasks.ts';
import type { MakeStore } from './store-fixture.ts';

type Area = (makeStore: MakeStore) => void;

/** Who may do something, and what there is to do it to. */
export const inventory: readonly Area[] = [
  describeLifecycle,
  describeAccounts,
  describeApps,
  describeProducts,
  describeDevices,
  describeLegacyAttributes,
  describeDeviceCounts,
  describeShadows,
  describeChildren,
  describeSessions,
  describeNodes,
  describeGroups,
  describeTags,
  describeSearch,
  describePackages,
  describeModules,
  describeBatchFiles,
];

/** What is done, and whom it is told. */
export const work: readonly Area[] = [
  describeTasks,
  describeSubtasks,
  describeSubtaskPages,
  describeMessages,
  describeCommands,
  describeLegacyCommands,
  describeRules,
  describeOutbox,
  describeQueues,
  describePutOffMessages,
  describeAccessCodes,
  describeEvents,
  describeFlowControl,
  describePolicies,
  describeDeliveryLog,
  describeLegacyAccess,
  describeLegacySubscriptions,
  describeLegacyPushes,
  describeExports,
  describeForeignProjects,
  describeConcurrency,
];

/** What every driver must do, area by area. `makeStore` opens an empty store of its own each time. */
export function describeStore(
  name: string,
  makeStore: MakeStore,
  areas: readonly Area[] = [...inventory, ...work],
): void {
  describe(`${name} store`, () => {
    for (const describeArea of areas) describeArea(makeStore);
  });
}
