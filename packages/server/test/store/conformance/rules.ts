import { describe, expect, it } from 'vitest';
import { type ActionId, asId, type RuleId } from '../../../src/domain/ids.ts';
import type { ActionChannel } from '../../../src/domain/rule.ts';
import { builtAt } from '../../builders/chance.ts';
import { aRule, anAction } from '../../builders/push-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describeRules(makeStore: MakeStore): void {
  describe('rules', () => {
    const fixture = useStore(makeStore);

    it('keep every field, change what is named, and clear what is undefined', async () => {
      const { store, given, scope } = fixture();
      const rule = await given.rule(scope, { select: '*', where: 'a = 1', description: 'd', appId: scope.appId });
      const { projectId, ruleId } = rule;
      expect(await store.rules.find(projectId, ruleId)).toEqual(rule);
      const changed = await store.rules.update(projectId, ruleId, {
        active: false,
        select: undefined,
        where: undefined,
      });
      expect(changed).toEqual({ ...rule, active: false, select: undefined, where: undefined });
      expect(await store.rules.update(projectId, ruleId, {})).toEqual(changed);
      await expectProblem(store.rules.update(projectId, asId<RuleId>('no'), { active: true }), 'ruleNotFound');
    });

    it('keep their actions, whose tokens are readable again', async () => {
      const { store, given, scope } = fixture();
      const target: ActionChannel = {
        channel: 'HTTP_FORWARDING',
        http: { url: 'https://x/', cnName: 'x', sniEnable: true, signatureEnable: true, token: 'secret1' },
      };
      const action = await given.action(scope, { target });
      expect(await store.rules.findAction(scope.projectId, action.actionId)).toEqual(action);
      const other: ActionChannel = { channel: 'HTTP_FORWARDING', http: { url: 'https://y/' } };
      const changed = await store.rules.updateAction(scope.projectId, action.actionId, other);
      expect(changed).toEqual({ ...action, target: other });
      await expectProblem(store.rules.updateAction(scope.projectId, asId<ActionId>('no'), other), 'actionNotFound');
    });

    it('take no action without a rule', async () => {
      const { store, given, scope, other } = fixture();
      await expectProblem(store.rules.insertAction(anAction(aRule(scope)), builtAt), 'ruleNotFound');
      const foreign = anAction(await given.rule(other), { projectId: scope.projectId });
      await expectProblem(store.rules.insertAction(foreign, builtAt), 'ruleNotFound');
    });

    it('go with their actions', async () => {
      const { store, given, scope } = fixture();
      const rule = await given.rule(scope);
      const [first, second] = [await given.action(scope, { rule }), await given.action(scope, { rule })];
      await store.rules.deleteAction(scope.projectId, first.actionId);
      await expectProblem(store.rules.deleteAction(scope.projectId, first.actionId), 'actionNotFound');
      await store.rules.delete(scope.projectId, rule.ruleId);
      expect(await store.rules.findAction(scope.projectId, second.actionId)).toBeUndefined();
      await expectProblem(store.rules.delete(scope.projectId, rule.ruleId), 'ruleNotFound');
    });

    it('page by every filter, and so do actions', async () => {
      const { store, given, scope, other } = fixture();
      await given.action(other);
      const { projectId, appId } = scope;
      const global = await given.rule(scope, { active: false });
      const scoped = await given.rule(scope, { appId, subject: { resource: 'device', event: 'create' } });
      const all = [global.recordId, scoped.recordId];
      await expectPaging((page) => store.rules.list({ projectId }, page), all);
      const found = async (filter: Omit<Parameters<typeof store.rules.list>[0], 'projectId'>) =>
        (await store.rules.list({ projectId, ...filter }, firstPage)).items;
      expect(await found({ resource: 'device' })).toEqual([scoped]);
      expect(await found({ event: 'update' })).toEqual([global]);
      expect(await found({ appId })).toEqual([scoped]);
      expect(await found({ global: true })).toEqual([global]);
      expect(await found({ global: false })).toEqual([scoped]);
      expect(await found({ name: scoped.name ?? '' })).toEqual([scoped]);
      expect(await found({ active: false })).toEqual([global]);

      const actions = [await given.action(scope, { rule: global }), await given.action(scope, { rule: scoped })];
      await expectPaging(
        (page) => store.rules.listActions({ projectId }, page),
        actions.map(({ recordId }) => recordId),
      );
      const listed = async (filter: { ruleId?: RuleId; channel?: string; appId?: typeof appId }) =>
        (await store.rules.listActions({ projectId, ...filter }, firstPage)).items;
      expect(await listed({ ruleId: scoped.ruleId })).toEqual(actions.slice(1));
      expect(await listed({ appId })).toEqual(actions.slice(1));
      expect(await listed({ channel: 'AMQP_FORWARDING' })).toEqual([]);
    });
  });
}
