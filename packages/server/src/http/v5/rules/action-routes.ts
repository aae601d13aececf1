import { CreateRuleActionRequest, ListRuleActionsQuery, UpdateRuleActionRequest } from '@muster/contract/v5';
import { type ActionId, asId, type ProjectId } from '../../../domain/ids.ts';
import type { ActionKey, RuleActionService } from '../../../services/rule-actions.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeActionChanges, decodeActionFilter, decodeCreateAction, ruleFieldNames } from './decode.ts';
import { encodeAction } from './encode.ts';

/** Whoever may change an action may see its token. */
const seeSecrets = 'iotda:rules:update';

/** v5 15.2. */
export function createRuleActionRoutes(actions: RuleActionService): V5Route[] {
  return withFieldNames(ruleFieldNames, [
    v5Route('CreateRuleAction', {
      body: CreateRuleActionRequest,
      handle: async ({ projectId, body }) =>
        encodeAction(await actions.create(projectId, decodeCreateAction(body)), { secrets: true }),
    }),
    v5Route('ListRuleActions', {
      query: ListRuleActionsQuery,
      handle: async ({ projectId, query, may }) => {
        const page = await actions.list(decodeActionFilter(projectId, query), decodePage(query));
        const secrets = may(seeSecrets);
        // v5 1: count and marker stand at the top level here.
        return { actions: page.items.map((action) => encodeAction(action, { secrets })), ...encodePage(page) };
      },
    }),
    v5Route('ShowRuleAction', {
      handle: async (call) => encodeAction(await actions.get(actionKeyOf(call)), { secrets: call.may(seeSecrets) }),
    }),
    v5Route('UpdateRuleAction', {
      body: UpdateRuleActionRequest,
      handle: async (call) =>
        encodeAction(await actions.update(actionKeyOf(call), decodeActionChanges(call.body)), { secrets: true }),
    }),
    v5Route('DeleteRuleAction', { handle: (call) => actions.delete(actionKeyOf(call)) }),
  ]);
}

/** Which action a call's path names. */
export function actionKeyOf({ projectId, param }: { projectId: ProjectId; param(name: string): string }): ActionKey {
  return { projectId, actionId: asId<ActionId>(param('action_id')) };
}
