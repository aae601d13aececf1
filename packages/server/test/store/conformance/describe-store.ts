import { describe } from 'vitest';
import { describeAccounts } from './accounts.ts';
import { describeApps } from './apps.ts';
import { describeChildren } from './children.ts';
import { describeCommands } from './commands.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeDevices } from './devices.ts';
import { describeEvents } from './events.ts';
import { describeForeignProjects } from './foreign-projects.ts';
import { describeGroups } from './groups.ts';
import { describeLifecycle } from './lifecycle.ts';
import { describeMessages } from './messages.ts';
import { describeModules } from './modules.ts';
import { describeNodes } from './nodes.ts';
import { describeOutbox } from './outbox.ts';
import { describePackages } from './packages.ts';
import { describeProducts } from './products.ts';
import { describeRules } from './rules.ts';
import { describeSearch } from './search.ts';
import { describeSessions } from './sessions.ts';
import { describeShadows } from './shadows.ts';
import { describeSubtasks } from './subtasks.ts';
import { describeTags } from './tags.ts';
import { describeTasks } from './tasks.ts';
import type { MakeStore } from './store-fixture.ts';

/** What every driver must do, area by area. `makeStore` opens an empty store of its own each time. */
export function describeStore(name: string, makeStore: MakeStore): void {
  describe(`${name} store`, () => {
    describeLifecycle(makeStore);
    describeAccounts(makeStore);
    describeApps(makeStore);
    describeProducts(makeStore);
    describeDevices(makeStore);
    describeShadows(makeStore);
    describeChildren(makeStore);
    describeSessions(makeStore);
    describeNodes(makeStore);
    describeGroups(makeStore);
    describeTags(makeStore);
    describeSearch(makeStore);
    describePackages(makeStore);
    describeModules(makeStore);
    describeTasks(makeStore);
    describeSubtasks(makeStore);
    describeMessages(makeStore);
    describeCommands(makeStore);
    describeRules(makeStore);
    describeOutbox(makeStore);
    describeEvents(makeStore);
    describeForeignProjects(makeStore);
    describeConcurrency(makeStore);
  });
}
