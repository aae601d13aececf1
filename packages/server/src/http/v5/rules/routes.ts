import { CreateRuleRequest, ListRulesQuery, UpdateRuleRequest } from '@muster/contract/v5';
import { asId, type ProjectId, type RuleId } from '../../../domain/ids.ts';
import type { RuleKey, RuleService } from '../../../services/rules.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { decodeCreateRule, decodeRuleChanges, decodeRuleFilter, ruleFieldNames } from './decode.ts';
import { encodeRule } from './encode.ts';

/** v5 15.1. */
export function createRuleRoutes(rules: RuleService): V5Route[] {
  return withFieldNames(ruleFieldNames, [
    v5Route('CreateRoutingRule', {
      body: CreateRuleRequest,
      handle: async ({ projectId, body }) => encodeRule(await rules.create(projectId, decodeCreateRule(body))),
    }),
    v5Route('ListRoutingRules', {
      query: ListRulesQuery,
      handle: async ({ projectId, query }) => {
        const page = await rules.list(decodeRuleFilter(projectId, query), decodePage(query));
        // v5 1: count and marker stand at the top level here.
        return { rules: page.items.map(encodeRule), ...encodePage(page) };
      },
    }),
    v5Route('ShowRoutingRule', { handle: async (call) => encodeRule(await rules.get(keyOf(call))) }),
    v5Route('UpdateRoutingRule', {
      body: UpdateRuleRequest,
      handle: async (call) => encodeRule(await rules.update(keyOf(call), decodeRuleChanges(call.body))),
    }),
    v5Route('DeleteRoutingRule', { handle: (call) => rules.delete(keyOf(call)) }),
  ]);
}

function keyOf({ projectId, param }: { projectId: ProjectId; param(name: string): string }): RuleKey {
  return { projectId, ruleId: asId<RuleId>(param('rule_id')) };
}
