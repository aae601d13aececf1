import {
  type UpgradeOccasion,
  upgradeMessages,
  upgradeTypesOf,
} from '../../../domain/legacy-notices/upgrade-messages.ts';
import { asId, type TaskId } from '../../../domain/ids.ts';
import { subtaskRecordId } from '../../../domain/subtask-record.ts';
import type { TaskTypeName } from '../../../domain/task.ts';
import type { UpgradeFacts } from '../../../domain/upgrade/upgrade-facts.ts';
import { insertPosts } from '../outbox/insert-posts.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { TaskRow } from '../tasks/task-codec.ts';

/** A run of which something may have to be told. */
export interface ToldRun {
  readonly seq: number;
  readonly target: string;
  readonly facts: UpgradeFacts | undefined;
  readonly end: UpgradeOccasion['end'];
  /** Of the device as it was read, by what is upgraded. */
  readonly currentVersion: string | undefined;
}

interface UpgradeSubscriber {
  readonly subscription_id: string;
  readonly notify_type: string;
  readonly url: string;
}

/**
 * Legacy 9.2: what becomes of upgrades, whichever API made their task. Only chunks in which something is worth telling look for
 * subscriptions, once.
 */
export function* publishUpgrades(
  ctx: SqlContext,
  task: TaskRow,
  { runs, now }: { readonly runs: readonly ToldRun[]; readonly now: number },
): Program<void> {
  const type = task.type as TaskTypeName;
  const worthy = runs.filter(({ facts, end }) => end !== undefined || (facts?.phases.length ?? 0) > 0);
  const types = worthy.length === 0 ? [] : upgradeTypesOf(type);
  const subscribers = types.length === 0 ? [] : yield* subscribersOf(ctx, task, types);
  if (subscribers.length === 0) return;
  const targetVersion = yield* versionOf(ctx, task);
  const posts = worthy.flatMap(({ seq, target, facts, end, currentVersion }) =>
    upgradeMessages(type, {
      ...{ deviceId: target, appId: task.app_id, operationId: task.task_id },
      subOperationId: subtaskRecordId(asId<TaskId>(task.task_id), seq),
      ...{ facts: { phases: [], ...targetVersion, ...facts }, end, currentVersion },
    }).flatMap((body) =>
      subscribers
        .filter(({ notify_type }) => notify_type === body.notifyType)
        .map(({ url, subscription_id: subscriptionId }) => ({
          ...{ projectId: task.project_id, url, deviceId: target, body, subscriptionId },
        })),
    ),
  );
  yield* insertPosts(ctx, posts, now);
}

function subscribersOf(
  { db, dialect }: SqlContext,
  task: TaskRow,
  types: readonly string[],
): Program<readonly UpgradeSubscriber[]> {
  return all<UpgradeSubscriber>(
    db
      .selectFrom('legacy_subscriptions')
      .select(['subscription_id', 'notify_type', 'url'])
      .where('app_id', '=', task.app_id)
      .where(dialect.isOneOf('notify_type', types)),
  );
}

/** Of the package, for runs that never came as far as it. */
function* versionOf({ db }: SqlContext, task: TaskRow): Program<Pick<UpgradeFacts, 'targetVersion'>> {
  if (task.package_id === null) return {};
  const row = yield* first(db.selectFrom('packages').select('version').where('package_id', '=', task.package_id));
  return row === undefined ? {} : { targetVersion: row.version };
}
