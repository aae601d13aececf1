import type { Store } from '../../ports/store/store.ts';
import { createAccountStore } from './accounts/account-store.ts';
import { createAppStore } from './apps/app-store.ts';
import { createBatchFileStore } from './batch-files/batch-file-store.ts';
import { createCommandStore } from './commands/command-store.ts';
import { createDeviceStore } from './devices/device-store.ts';
import { createDryRunStore } from './dry-run/dry-run-store.ts';
import { createEffectStore } from './effects/effect-store.ts';
import { publishReceived } from './events/message-events.ts';
import { createExportStore } from './exports/export-store.ts';
import { createGroupStore } from './groups/group-store.ts';
import { createLegacyAccessStore } from './legacy-access/legacy-access-store.ts';
import { createLegacySubscriptionStore } from './legacy-subscriptions/legacy-subscription-store.ts';
import { createMetaStore } from './meta/meta-store.ts';
import { createMessageStore } from './messages/message-store.ts';
import { createModuleStore } from './modules/module-store.ts';
import { createNodeStore } from './nodes/node-store.ts';
import { createOutboxStore } from './outbox/outbox-store.ts';
import { createPackageMetaStore } from './packages/package-meta-store.ts';
import { createBacklogPolicyStore } from './policies/backlog-policy-store.ts';
import { createFlowPolicyStore } from './policies/flow-policy-store.ts';
import { createProductStore } from './products/product-store.ts';
import { createAccessCodeStore } from './queues/access-code-store.ts';
import { createQueueMessageStore } from './queues/queue-message-store.ts';
import { createQueueStore } from './queues/queue-store.ts';
import { createRuleStore } from './rules/rule-store.ts';
import { createSearchStore } from './search/search-store.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createSubtaskStore } from './subtasks/subtask-store.ts';
import { createTagStore } from './tags/tag-store.ts';
import { createTargetStore } from './targets/target-store.ts';
import { createTaskStore } from './tasks/task-store.ts';
import type { Runner, SqlContext } from './sql-context.ts';

/** Everything of the port but opening and closing, which are the driver's. `nodes`: what runs the operations on nodes; absent: the same. */
export function createSqlStore(runner: Runner, ctx: SqlContext, nodes: Runner = runner): Omit<Store, 'start' | 'stop'> {
  return {
    meta: createMetaStore(runner, ctx),
    accounts: createAccountStore(runner, ctx),
    apps: createAppStore(runner, ctx),
    products: createProductStore(runner, ctx),
    devices: createDeviceStore(runner, ctx),
    sessions: createSessionStore(runner, ctx),
    nodes: createNodeStore(nodes, ctx),
    groups: createGroupStore(runner, ctx),
    tags: createTagStore(runner, ctx),
    search: createSearchStore(runner, ctx),
    packages: createPackageMetaStore(runner, ctx),
    modules: createModuleStore(runner, ctx),
    batchFiles: createBatchFileStore(runner, ctx),
    tasks: createTaskStore(runner, ctx),
    subtasks: createSubtaskStore(runner, ctx),
    targets: createTargetStore(runner, ctx),
    exports: createExportStore(runner, ctx),
    dryRun: createDryRunStore(runner, ctx),
    effects: createEffectStore(runner, ctx),
    messages: createMessageStore(runner, ctx),
    commands: createCommandStore(runner, ctx),
    rules: createRuleStore(runner, ctx),
    events: { received: (messages) => runner.write(() => publishReceived(ctx, messages)) },
    outbox: createOutboxStore(runner, ctx),
    queues: createQueueStore(runner, ctx),
    queueMessages: createQueueMessageStore(runner, ctx),
    accessCodes: createAccessCodeStore(runner, ctx),
    backlogPolicies: createBacklogPolicyStore(runner, ctx),
    flowPolicies: createFlowPolicyStore(runner, ctx),
    legacyAccess: createLegacyAccessStore(runner, ctx),
    legacySubscriptions: createLegacySubscriptionStore(runner, ctx),
  };
}
