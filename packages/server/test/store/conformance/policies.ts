import { describe, expect, it } from 'vitest';
import { asId, type PolicyId } from '../../../src/domain/ids.ts';
import { aUser } from '../../builders/account-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const noId = asId<PolicyId>('no');

export function describePolicies(makeStore: MakeStore): void {
  describe('policies', () => {
    const fixture = useStore(makeStore);

    it('of backlogs are one for each project', async () => {
      const { store, given, scope, other } = fixture();
      const { backlogPolicies } = store;
      const policy = await given.backlogPolicy(scope, { description: 'd', bytesMax: 0, ageSecondsMax: 7 });
      const { projectId, policyId } = policy;
      expect(await backlogPolicies.find(projectId, policyId)).toEqual(policy);
      await expectProblem(given.backlogPolicy(scope), 'policyExists');
      await given.backlogPolicy(other);
      const changed = await backlogPolicies.update(projectId, policyId, { name: 'n', bytesMax: 5 });
      expect(changed).toEqual({ ...policy, name: 'n', bytesMax: 5 });
      expect(await backlogPolicies.update(projectId, policyId, {})).toEqual(changed);
      await expectProblem(backlogPolicies.update(projectId, noId, { bytesMax: 1 }), 'policyNotFound');
      await backlogPolicies.delete(projectId, policyId);
      await expectProblem(backlogPolicies.delete(projectId, policyId), 'policyNotFound');
      const next = await given.backlogPolicy(scope, { name: undefined });
      await expectPaging((page) => backlogPolicies.list({ projectId }, page), [next.recordId]);
      expect((await backlogPolicies.list({ projectId, name: 'n' }, firstPage)).items).toEqual([]);
    });

    it('of flows are one for each scope and value', async () => {
      const { store, given, scope, other } = fixture();
      const { flowPolicies } = store;
      const policy = await given.flowPolicy(scope, { description: 'd', limit: 3 });
      const { projectId, policyId } = policy;
      expect(await flowPolicies.find(projectId, policyId)).toEqual(policy);
      await expectProblem(given.flowPolicy(scope), 'policyExists');
      await given.flowPolicy(other);
      const ofRule = await given.flowPolicy(scope, { scope: 'RULE', scopeValue: 'x' });
      await expectProblem(given.flowPolicy(scope, { scope: 'RULE', scopeValue: 'x' }), 'policyExists');
      const ofAction = await given.flowPolicy(scope, { scope: 'ACTION', scopeValue: 'x', name: 'n' });
      const changed = await flowPolicies.update(projectId, policyId, { name: 'm', limit: 5 });
      expect(changed).toEqual({ ...policy, name: 'm', limit: 5 });
      expect(await flowPolicies.update(projectId, policyId, {})).toEqual(changed);
      await expectProblem(flowPolicies.update(projectId, noId, { limit: 1 }), 'policyNotFound');
      const all = [policy.recordId, ofRule.recordId, ofAction.recordId];
      await expectPaging((page) => flowPolicies.list({ projectId }, page), all);
      await expectPaging((page) => flowPolicies.list({ projectId, scope: 'RULE' }, page), [ofRule.recordId]);
      await expectPaging((page) => flowPolicies.list({ projectId, scopeValue: 'x' }, page), all.slice(1));
      await expectPaging((page) => flowPolicies.list({ projectId, name: 'n' }, page), [ofAction.recordId]);
      await flowPolicies.delete(projectId, policyId);
      await expectProblem(flowPolicies.delete(projectId, policyId), 'policyNotFound');
    });

    it('go with their project', async () => {
      const { store, given, other } = fixture();
      const scope = await given.scope();
      const admin = aUser();
      await store.accounts.insertUser(admin);
      await store.accounts.setRole({ userId: admin.userId, projectId: other.projectId }, 'admin');
      const { projectId } = scope;
      const [backlog, flow] = [await given.backlogPolicy(scope), await given.flowPolicy(scope)];
      await store.accounts.deleteProject(projectId);
      expect(await store.backlogPolicies.find(projectId, backlog.policyId)).toBeUndefined();
      expect(await store.flowPolicies.find(projectId, flow.policyId)).toBeUndefined();
    });
  });
}
