import type { ProjectId, RuleId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { Rule } from '../../../domain/rule.ts';
import type { RuleFilter, RuleStore } from '../../../ports/store/push-store.ts';
import { flagOf, orNull } from '../columns.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { deleteAction, findAction, insertAction, listActions, updateAction } from './rule-actions.ts';
import { rowOfRule, ruleOf } from './rule-codec.ts';

type RuleKey = Pick<Rule, 'projectId' | 'ruleId'>;
type RuleChanges = Parameters<RuleStore['update']>[2];

export function createRuleStore({ read, write }: Runner, ctx: SqlContext): RuleStore {
  return {
    insert: (rule) => write(() => insertRule(ctx, rule)),
    find: (projectId, ruleId) => read(() => findRule(ctx, projectId, ruleId)),
    list: (filter, page) => read(() => listRules(ctx, filter, page)),
    update: (projectId, ruleId, changes) => write(() => updateRule(ctx, { projectId, ruleId }, changes)),
    delete: (projectId, ruleId) => write(() => deleteRule(ctx, { projectId, ruleId })),
    insertAction: (action, now) => write(() => insertAction(ctx, action, now)),
    findAction: (projectId, actionId) => read(() => findAction(ctx, projectId, actionId)),
    listActions: (filter, page) => read(() => listActions(ctx, filter, page)),
    updateAction: (projectId, actionId, target) => write(() => updateAction(ctx, { projectId, actionId }, target)),
    deleteAction: (projectId, actionId) => write(() => deleteAction(ctx, { projectId, actionId })),
  };
}

function* insertRule(ctx: SqlContext, rule: Rule): Program<void> {
  yield* change(ctx.db.insertInto('rules').values(rowOfRule(rule)));
}

function* findRule(ctx: SqlContext, projectId: ProjectId, ruleId: RuleId): Program<Rule | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('rules').selectAll().where('rule_id', '=', ruleId).where('project_id', '=', projectId),
  );
  return row && ruleOf(row);
}

function* listRules(ctx: SqlContext, filter: RuleFilter, page: PageRequest): Program<Page<Rule>> {
  const { resource, event, appId, global, name, active } = filter;
  let base = ctx.db.selectFrom('rules').selectAll().where('project_id', '=', filter.projectId);
  if (resource !== undefined) base = base.where('resource', '=', resource);
  if (event !== undefined) base = base.where('event', '=', event);
  if (appId !== undefined) base = base.where('app_id', '=', appId);
  if (global !== undefined) base = base.where('app_id', global ? 'is' : 'is not', null);
  if (name !== undefined) base = base.where('name', '=', name);
  if (active !== undefined) base = base.where('active', '=', flagOf(active));
  return yield* selectPage(base, { key: 'rules.record_id', page, decode: ruleOf });
}

/** A key with the value `undefined` clears (v5 15.1, `""` for select and where). */
function* updateRule(ctx: SqlContext, { projectId, ruleId }: RuleKey, changes: RuleChanges): Program<Rule> {
  const set = {
    ...('name' in changes ? { name: orNull(changes.name) } : {}),
    ...('description' in changes ? { description: orNull(changes.description) } : {}),
    ...('select' in changes ? { select_sql: orNull(changes.select) } : {}),
    ...('where' in changes ? { where_sql: orNull(changes.where) } : {}),
    ...(changes.active === undefined ? {} : { active: flagOf(changes.active) }),
  };
  if (Object.keys(set).length > 0) {
    yield* change(
      ctx.db.updateTable('rules').set(set).where('rule_id', '=', ruleId).where('project_id', '=', projectId),
    );
  }
  const rule = yield* findRule(ctx, projectId, ruleId);
  if (rule === undefined) throw new Problem('ruleNotFound');
  return rule;
}

/** Its actions go with it, and theirs what waits in the outbox. */
function* deleteRule(ctx: SqlContext, { projectId, ruleId }: RuleKey): Program<void> {
  const deleted = yield* change(
    ctx.db.deleteFrom('rules').where('rule_id', '=', ruleId).where('project_id', '=', projectId),
  );
  if (deleted === 0) throw new Problem('ruleNotFound');
}
