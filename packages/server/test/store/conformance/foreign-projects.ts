import { describe, expect, it } from 'vitest';
import { lastMarker } from '../../../src/domain/paging.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { builtAt } from '../../builders/chance.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import type { Given, Scope } from '../../builders/given.ts';
import { firstPage, type MakeStore, useStore } from './store-fixture.ts';

/** One of everything that a project can own. */
async function everything(store: Store, given: Given, scope: Scope) {
  const app = await given.app(scope);
  const product = await given.product(scope);
  const gateway = await given.device(scope, { product, online: true, name: 'gateway' });
  const child = await given.device(scope, { product, parent: gateway, online: true });
  const group = await given.group(scope, { members: [gateway.deviceId] });
  const pkg = await given.pkg(scope, { productId: product.productId });
  const module = await given.module(scope, { productId: product.productId });
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const rule = await given.rule(scope);
  const action = await given.action(scope, { rule });
  const backlog = await given.backlogPolicy(scope);
  const flow = await given.flowPolicy(scope);
  const subscription = await given.subscription(scope);
  const task = await given.finishedTask(scope);
  const exported = await given.exported(scope);
  return {
    ...{ app, product, gateway, child, group, pkg, module, file, rule, action, backlog, flow, task, exported },
    subscription,
  };
}

type Everything = Awaited<ReturnType<typeof everything>>;

/** All that `projectId` can see of itself. */
async function snapshot(store: Store, scope: Scope, of: Everything) {
  const { projectId } = scope;
  return {
    project: await store.accounts.findProject(projectId),
    apps: await store.apps.list(projectId),
    products: await store.products.list({ projectId }, firstPage),
    devices: await store.devices.list({ projectId }, firstPage),
    reach: await store.sessions.findReach(projectId, of.child.deviceId),
    groups: await store.groups.list({ projectId }, firstPage),
    members: await store.groups.listMembers(projectId, of.group.groupId, firstPage),
    packages: await store.packages.list({ projectId, types: ['firmwarePackage'] }, firstPage),
    modules: await store.modules.list(scope, firstPage),
    file: await store.packages.findFreeFile(projectId, of.file.fileId),
    rules: await store.rules.list({ projectId }, firstPage),
    actions: await store.rules.listActions({ projectId }, firstPage),
    backlog: await store.backlogPolicies.list({ projectId }, firstPage),
    flow: await store.flowPolicies.list({ projectId }, firstPage),
    tasks: await store.tasks.list({ projectId }, firstPage),
    subscriptions: await store.legacySubscriptions.list(scope, firstPage),
    exports: await store.exports.list({ projectId }, firstPage, builtAt),
  };
}

/** Every operation that names a project, tried with a stranger's project and our ids. */
function attemptsOf(store: Store, { projectId }: Scope, of: Everything): Record<string, () => Promise<unknown>> {
  const { app, product, gateway, child, group, pkg, module, file, rule, action, backlog, flow, task, exported } = of;
  const subscription = { ...of.subscription, projectId };
  const page = { limit: 50, marker: lastMarker, offset: 0 };
  return {
    'apps.find': () => store.apps.find(projectId, app.appId),
    'apps.rename': () => store.apps.rename(projectId, app.appId, 'stolen'),
    'apps.delete': () => store.apps.delete(projectId, app.appId),
    'products.find': () => store.products.find(projectId, product.productId),
    'products.find in our application': () => store.products.find(projectId, product.productId, product.appId),
    'products.list': async () => (await store.products.list({ projectId, appId: product.appId }, page)).items,
    'products.update': () => store.products.update({ ...product, projectId }, { name: 'stolen' }),
    'products.delete': () => store.products.delete({ ...product, projectId }),
    'devices.find': () => store.devices.find(projectId, gateway.deviceId),
    'devices.list by application': async () =>
      (await store.devices.list({ projectId, appId: gateway.appId }, page)).items,
    'devices.list by name': async () => (await store.devices.list({ projectId, name: 'gateway' }, page)).items,
    'devices.list by node': async () => (await store.devices.list({ projectId, nodeId: gateway.nodeId }, page)).items,
    'devices.list by gateway': async () =>
      (await store.devices.list({ projectId, gatewayId: gateway.deviceId, cascade: true }, page)).items,
    'devices.update': () => store.devices.update(projectId, gateway.deviceId, { name: 'stolen' }),
    'devices.setSecret': () =>
      store.devices.setSecret(projectId, gateway.deviceId, { secret: 'stolen-secret', slot: 'PRIMARY' }),
    'devices.delete': () => store.devices.delete(projectId, child.deviceId, builtAt),
    'sessions.findReach': () => store.sessions.findReach(projectId, gateway.deviceId),
    'groups.find': () => store.groups.find(projectId, group.groupId),
    'groups.list': async () => (await store.groups.list({ projectId, appId: group.appId }, page)).items,
    'groups.update': () => store.groups.update(projectId, group.groupId, { name: 'stolen', modifiedAt: 1 }),
    'groups.delete': () => store.groups.delete(projectId, group.groupId),
    'groups.addMember': () => store.groups.addMember(projectId, group.groupId, child.deviceId),
    'groups.addMembers': () => store.groups.addMembers(projectId, group.groupId, [child.deviceId]),
    'groups.dissolve': () => store.groups.dissolve(projectId, group.groupId),
    'groups.addAll': () =>
      store.groups.addAll(projectId, group.groupId, { deviceIds: [child.deviceId], appId: app.appId }),
    'groups.removeAll': () =>
      store.groups.removeAll(projectId, group.groupId, { deviceIds: [gateway.deviceId], appId: app.appId }),
    'groups.removeMember': () => store.groups.removeMember(projectId, group.groupId, gateway.deviceId),
    'groups.listMembers': async () => (await store.groups.listMembers(projectId, group.groupId, page)).items,
    'groups.listOf': () => store.groups.listOf(projectId, gateway.deviceId),
    'packages.findFreeFile': () => store.packages.findFreeFile(projectId, file.fileId),
    'packages.find': () => store.packages.find(projectId, pkg.packageId),
    'packages.list': async () =>
      (await store.packages.list({ projectId, types: [pkg.type], productId: pkg.productId }, page)).items,
    'packages.delete': () => store.packages.delete(projectId, pkg.packageId),
    'modules.find': () => store.modules.find(projectId, module.moduleId),
    'modules.list': async () => (await store.modules.list({ projectId, appId: module.appId }, page)).items,
    'modules.update': () => store.modules.update(projectId, module.moduleId, { aliasName: 'stolen' }),
    'modules.delete': () => store.modules.delete(projectId, module.moduleId),
    'backlogPolicies.find': () => store.backlogPolicies.find(projectId, backlog.policyId),
    'backlogPolicies.list': async () => (await store.backlogPolicies.list({ projectId }, page)).items,
    'backlogPolicies.update': () => store.backlogPolicies.update(projectId, backlog.policyId, { bytesMax: 0 }),
    'backlogPolicies.delete': () => store.backlogPolicies.delete(projectId, backlog.policyId),
    'flowPolicies.find': () => store.flowPolicies.find(projectId, flow.policyId),
    'flowPolicies.list': async () => (await store.flowPolicies.list({ projectId }, page)).items,
    'flowPolicies.update': () => store.flowPolicies.update(projectId, flow.policyId, { limit: 1 }),
    'flowPolicies.delete': () => store.flowPolicies.delete(projectId, flow.policyId),
    'rules.find': () => store.rules.find(projectId, rule.ruleId),
    'rules.list': async () => (await store.rules.list({ projectId }, page)).items,
    'rules.update': () => store.rules.update(projectId, rule.ruleId, { active: false }),
    'rules.delete': () => store.rules.delete(projectId, rule.ruleId),
    'rules.findAction': () => store.rules.findAction(projectId, action.actionId),
    'rules.listActions': async () => (await store.rules.listActions({ projectId, ruleId: rule.ruleId }, page)).items,
    'rules.updateAction': () => store.rules.updateAction(projectId, action.actionId, action.target),
    'rules.deleteAction': () => store.rules.deleteAction(projectId, action.actionId),
    'legacySubscriptions.insert': () => store.legacySubscriptions.insert(subscription),
    'legacySubscriptions.put': () => store.legacySubscriptions.put(subscription),
    'legacySubscriptions.find': () => store.legacySubscriptions.find(subscription, subscription.subscriptionId),
    'legacySubscriptions.list': async () => (await store.legacySubscriptions.list(subscription, page)).items,
    'legacySubscriptions.delete': async () => (await store.legacySubscriptions.delete(subscription)) || undefined,
    'tasks.find': () => store.tasks.find(projectId, task.taskId),
    'tasks.list': async () => (await store.tasks.list({ projectId, appId: task.appId }, page)).items,
    'tasks.delete': () => store.tasks.delete(projectId, task.taskId),
    'exports.find': () => store.exports.find({ projectId, exportId: exported.exportId, now: builtAt }),
    'exports.list': async () => (await store.exports.list({ projectId, taskId: exported.taskId }, page, builtAt)).items,
    'exports.delete': () => store.exports.delete({ projectId, exportId: exported.exportId, now: builtAt }),
  };
}

const saysNothing = (answer: unknown): boolean =>
  answer === undefined || answer instanceof Problem || (Array.isArray(answer) && answer.length === 0);

export function describeForeignProjects(makeStore: MakeStore): void {
  describe('another project', () => {
    const fixture = useStore(makeStore);

    it('sees, counts and changes nothing of ours, whatever it asks for [v5 8]', async () => {
      const { store, given, scope, other } = fixture();
      const ours = await everything(store, given, scope);
      const before = await snapshot(store, scope, ours);
      for (const [name, attempt] of Object.entries(attemptsOf(store, other, ours))) {
        const answer: unknown = await attempt().catch((error: unknown) => error);
        expect(saysNothing(answer), `${name} answers ${JSON.stringify(answer)}`).toBe(true);
      }
      expect(await snapshot(store, scope, ours)).toEqual(before);
    });

    it('cannot put its things on ours', async () => {
      const { store, given, scope, other } = fixture();
      const ours = await everything(store, given, scope);
      const before = await snapshot(store, scope, ours);
      const attempts: Record<string, () => Promise<unknown>> = {
        'a product in our application': () => given.product({ ...other, appId: ours.app.appId }),
        'a device of our product': () =>
          given.device(other, { product: { ...ours.product, projectId: other.projectId } }),
        'a group in our application': () => given.group({ ...other, appId: ours.app.appId }),
        'a group under ours': () => given.group(other, { superGroupId: ours.group.groupId }),
        'a package of our product': () =>
          given.pkg(other, { productId: ours.product.productId, appId: ours.product.appId }),
        'a package of our file': () => given.pkg(other, { location: { kind: 'file', file: ours.file } }),
        'an export of our task': () => given.exported(other, { taskId: ours.task.taskId }),
        'an action on our rule': () => given.action(other, { rule: { ...ours.rule, projectId: other.projectId } }),
      };
      for (const [name, attempt] of Object.entries(attempts)) {
        const answer: unknown = await attempt().catch((error: unknown) => error);
        expect(answer, name).toBeInstanceOf(Problem);
      }
      expect(await snapshot(store, scope, ours)).toEqual(before);
    });
  });
}
