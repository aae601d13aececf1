import type { ActionId, ProjectId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ActionChannel, RuleAction } from '../../../domain/rule.ts';
import type { RuleStore } from '../../../ports/store/push-store.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { lockQueueByName } from '../queues/queue-store.ts';
import { actionOf, columnsOfChannel, rowOfAction } from './rule-codec.ts';

type ActionKey = Pick<RuleAction, 'projectId' | 'actionId'>;

/** `now`: its deliveries are counted from then on. */
export function* insertAction(ctx: SqlContext, action: RuleAction, now: number): Program<void> {
  const rule = yield* first(
    ctx.db
      .selectFrom('rules')
      .select('rule_id')
      .where('rule_id', '=', action.ruleId)
      .where('project_id', '=', action.projectId),
  );
  if (rule === undefined) throw new Problem('ruleNotFound', { field: 'ruleId' });
  const queue_id = yield* queueOf(ctx, action.projectId, action.target);
  yield* change(ctx.db.insertInto('rule_actions').values({ ...rowOfAction(action, ctx.box), queue_id }));
  yield* change(ctx.db.insertInto('action_deliveries').values({ action_id: action.actionId, since: now }));
}

export function* findAction(
  ctx: SqlContext,
  projectId: ProjectId,
  actionId: ActionId,
): Program<RuleAction | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('rule_actions').selectAll().where('action_id', '=', actionId).where('project_id', '=', projectId),
  );
  return row && actionOf(row, ctx.box);
}

export function* listActions(
  ctx: SqlContext,
  filter: Parameters<RuleStore['listActions']>[0],
  page: PageRequest,
): Program<Page<RuleAction>> {
  const { ruleId, channel, global, appId } = filter;
  let base = ctx.db.selectFrom('rule_actions').selectAll().where('project_id', '=', filter.projectId);
  if (ruleId !== undefined) base = base.where('rule_id', '=', ruleId);
  if (channel !== undefined) base = base.where('channel', '=', channel);
  if (global !== undefined) base = base.where('app_id', global ? 'is' : 'is not', null);
  if (appId !== undefined) base = base.where('app_id', '=', appId);
  return yield* selectPage(base, {
    key: 'rule_actions.record_id',
    page,
    decode: (row) => actionOf(row, ctx.box),
  });
}

export function* updateAction(
  ctx: SqlContext,
  { projectId, actionId }: ActionKey,
  target: ActionChannel,
): Program<RuleAction> {
  const queue_id = yield* queueOf(ctx, projectId, target);
  yield* change(
    ctx.db
      .updateTable('rule_actions')
      .set({ ...columnsOfChannel(target, ctx.box), queue_id })
      .where('action_id', '=', actionId)
      .where('project_id', '=', projectId),
  );
  const action = yield* findAction(ctx, projectId, actionId);
  if (action === undefined) throw new Problem('actionNotFound');
  if (queue_id !== null) yield* queueWaiting(actionId, queue_id);
  return action;
}

/** Problems: queueNotFound. */
function* queueOf(ctx: SqlContext, projectId: ProjectId, target: ActionChannel): Program<string | null> {
  return target.channel === 'AMQP_FORWARDING' ? yield* lockQueueByName(ctx, projectId, target.amqp.queueName) : null;
}

/** The action fills a queue from now on: what waits to be posted goes there, too. */
function* queueWaiting(actionId: ActionId, queueId: string): Program<void> {
  yield* change({
    sql: `INSERT INTO queue_messages (queue_id, action_id, key, payload, bytes, created_at)
      SELECT CAST(? AS TEXT), action_id, key, payload, bytes, created_at FROM outbox WHERE action_id = ? ORDER BY no`,
    parameters: [queueId, actionId],
  });
  yield* change({ sql: 'DELETE FROM outbox WHERE action_id = ?', parameters: [actionId] });
}

export function* deleteAction(ctx: SqlContext, { projectId, actionId }: ActionKey): Program<void> {
  const deleted = yield* change(
    ctx.db.deleteFrom('rule_actions').where('action_id', '=', actionId).where('project_id', '=', projectId),
  );
  if (deleted === 0) throw new Problem('actionNotFound');
}
