import type { AccountStore } from './account-store.ts';
import type { AppStore, GroupStore, ModuleStore, PackageMetaStore, ProductStore } from './catalogue-stores.ts';
import type { BatchFileStore } from './batch-file-store.ts';
import type { CommandStore } from './command-store.ts';
import type { DeviceStore, SessionStore } from './device-store.ts';
import type { DryRunStore } from './dry-run-store.ts';
import type { ExportStore } from './export-store.ts';
import type { LegacyAccessStore } from './legacy-access-store.ts';
import type { LegacySubscriptionStore } from './legacy-subscription-store.ts';
import type { MetaStore } from './meta-store.ts';
import type { EffectStore, MessageStore } from './message-store.ts';
import type { NodeStore } from './node-store.ts';
import type { BacklogPolicyStore, FlowPolicyStore } from './policy-store.ts';
import type { EventStore, OutboxStore, RuleStore } from './push-store.ts';
import type { AccessCodeStore, QueueMessageStore, QueueStore } from './queue-store.ts';
import type { SearchStore } from './search-store.ts';
import type { SubtaskStore } from './subtask-store.ts';
import type { TagStore } from './tag-store.ts';
import type { TargetStore } from './target-store.ts';
import type { TaskStore } from './task-store.ts';

/**
 * Everything that lasts, in operations of the domain. One operation is one transaction: when its promise resolves, the change is durable.
 * A Problem rejects it and nothing has changed. No connection, transaction or SQL shows in any signature.
 */
export interface Store {
  readonly meta: MetaStore;
  readonly accounts: AccountStore;
  readonly apps: AppStore;
  readonly products: ProductStore;
  readonly devices: DeviceStore;
  readonly sessions: SessionStore;
  readonly nodes: NodeStore;
  readonly groups: GroupStore;
  readonly tags: TagStore;
  readonly search: SearchStore;
  readonly packages: PackageMetaStore;
  readonly modules: ModuleStore;
  readonly batchFiles: BatchFileStore;
  readonly tasks: TaskStore;
  readonly subtasks: SubtaskStore;
  readonly targets: TargetStore;
  readonly exports: ExportStore;
  readonly dryRun: DryRunStore;
  readonly messages: MessageStore;
  readonly commands: CommandStore;
  readonly effects: EffectStore;
  readonly rules: RuleStore;
  readonly events: EventStore;
  readonly outbox: OutboxStore;
  readonly queues: QueueStore;
  readonly queueMessages: QueueMessageStore;
  readonly accessCodes: AccessCodeStore;
  readonly backlogPolicies: BacklogPolicyStore;
  readonly flowPolicies: FlowPolicyStore;
  readonly legacyAccess: LegacyAccessStore;
  readonly legacySubscriptions: LegacySubscriptionStore;
  /** Opens, migrates; idempotent. */
  start(): Promise<void>;
  /** Waits for what is under way, closes; idempotent. */
  stop(): Promise<void>;
}
