import type { App } from '../../src/domain/app.ts';
import type { NewAsyncCommand } from '../../src/domain/async-command.ts';
import type { Device, NewDevice, ReportedVersions } from '../../src/domain/device.ts';
import type { ExportTask, NewExport } from '../../src/domain/export-task.ts';
import type { DeviceGroup } from '../../src/domain/group.ts';
import type { AppId, DeviceId, ProjectId } from '../../src/domain/ids.ts';
import type { Subscription } from '../../src/domain/legacy-subscription.ts';
import type { NewMessage } from '../../src/domain/message.ts';
import type { NewOtaModule, OtaModule } from '../../src/domain/ota-module.ts';
import type { NewPackage, OtaPackage } from '../../src/domain/package.ts';
import type { BacklogPolicy, FlowPolicy } from '../../src/domain/policy.ts';
import type { NewProduct, Product } from '../../src/domain/product.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { Rule, RuleAction } from '../../src/domain/rule.ts';
import type { SessionRef } from '../../src/domain/run.ts';
import type { NewTask, Task } from '../../src/domain/task.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { aProject, anApp } from './account-builders.ts';
import { aGroup, anOtaModule, aPackage, aProduct } from './catalogue-builders.ts';
import { builtAt } from './chance.ts';
import { aCommand, aDevice, aMessage } from './device-builders.ts';
import { anExport } from './export-builders.ts';
import { aBacklogPolicy, aFlowPolicy, aQueue, aRule, aSubscription, anAction } from './push-builders.ts';
import { allDone, aTask, chunkOptions } from './task-builders.ts';

/** A project with its default application: where everything lives. */
export interface Scope {
  readonly projectId: ProjectId;
  readonly appId: AppId;
}

export interface DeviceWish extends Partial<NewDevice> {
  /** A gateway or a child of one: what the new device hangs under. */
  readonly parent?: Device;
  readonly product?: Product;
  /** Connected to `node-1`; a child: its gateway has said so. */
  readonly online?: boolean;
  readonly frozen?: boolean;
  readonly versions?: ReportedVersions;
}

/**
 * Puts things into a store in the state that a test wants, with everything that the state implies: a device brings its product, being
 * online brings a session, a frozen one was frozen by the effect that freezes.
 */
export function createGiven(store: Store) {
  const scope = async (): Promise<Scope> => {
    const project = aProject();
    const app = anApp({ projectId: project.projectId, isDefault: true, name: 'DefaultApp' });
    await store.accounts.insertProject(project, app);
    return { projectId: project.projectId, appId: app.appId };
  };

  const app = async (of: Scope, over: Partial<App> = {}): Promise<App> => {
    const made = anApp({ projectId: of.projectId, ...over });
    await store.apps.insert(made, 1000);
    return made;
  };

  const product = async (of: Scope, over: Partial<NewProduct> = {}): Promise<Product> =>
    await store.products.insert(aProduct({ ...of, ...over }), 1_000_000);

  const connect = async (deviceId: DeviceId, at = builtAt): Promise<SessionRef> => {
    const attached = await store.sessions.attach({ deviceId, node: 'node-1', address: '127.0.0.1', at });
    if (attached === undefined) throw new Error(`${deviceId} cannot connect.`);
    return attached.session;
  };

  const device = async (of: Scope, wish: DeviceWish = {}): Promise<Device> => {
    const { parent, product: wishedProduct, online, frozen, versions, ...over } = wish;
    const { productId, appId } = wishedProduct ?? (await product(of));
    const { deviceId } = await store.devices.insert(
      aDevice({ projectId: of.projectId, appId, productId, parentId: parent?.deviceId, ...over }),
    );
    if (online === true && parent === undefined) await connect(deviceId);
    if (online === true && parent !== undefined) {
      await store.devices.setChildStatuses(parent.rootId, [{ deviceId, status: 'ONLINE' }], builtAt);
    }
    if (frozen === true) await store.effects.apply(of.projectId, [{ kind: 'freezeDevice', deviceId }]);
    if (versions !== undefined) await store.devices.reportVersions(deviceId, versions);
    const made = await store.devices.find(of.projectId, deviceId);
    if (made === undefined) throw new Error(`${deviceId} was not stored.`);
    return made;
  };

  const devices = async (of: Scope, count: number): Promise<readonly DeviceId[]> => {
    const { productId, appId } = await product(of);
    const made = Array.from({ length: count }, () => aDevice({ projectId: of.projectId, appId, productId }));
    await store.devices.insertMany(made);
    return made.map(({ deviceId }) => deviceId);
  };

  const group = async (
    of: Scope,
    { members = [], ...over }: Partial<DeviceGroup> & { members?: readonly DeviceId[] } = {},
  ): Promise<DeviceGroup> => {
    const made = await store.groups.insert(aGroup({ ...of, ...over }));
    if (members.length > 0) await store.groups.addMembers(of.projectId, made.groupId, members);
    return made;
  };

  const pkg = async (of: Scope, over: Partial<NewPackage> = {}): Promise<OtaPackage> => {
    const { productId, appId } =
      over.productId === undefined ? await product(of) : { ...of, productId: over.productId };
    return await store.packages.insert(aPackage({ ...of, productId, appId, ...over }));
  };

  const module = async (of: Scope, over: Partial<NewOtaModule> = {}): Promise<OtaModule> => {
    const { productId, appId } =
      over.productId === undefined ? await product(of) : { ...of, productId: over.productId };
    return await store.modules.insert(anOtaModule({ ...of, productId, appId, ...over }), 10);
  };

  const rule = async (of: Scope, over: Partial<Rule> = {}): Promise<Rule> => {
    const made = aRule({ projectId: of.projectId, ...over });
    await store.rules.insert(made);
    return made;
  };

  const action = async (of: Scope, over: Partial<RuleAction> & { rule?: Rule } = {}): Promise<RuleAction> => {
    const { rule: wished, ...rest } = over;
    const made = anAction(wished ?? (await rule(of)), rest);
    await store.rules.insertAction(made, builtAt);
    return made;
  };

  const backlogPolicy = async (of: Scope, over: Partial<BacklogPolicy> = {}): Promise<BacklogPolicy> => {
    const made = aBacklogPolicy({ projectId: of.projectId, ...over });
    await store.backlogPolicies.insert(made);
    return made;
  };

  const flowPolicy = async (of: Scope, over: Partial<FlowPolicy> = {}): Promise<FlowPolicy> => {
    const made = aFlowPolicy({ projectId: of.projectId, ...over });
    await store.flowPolicies.insert(made);
    return made;
  };

  const queue = async (of: Scope, over: Partial<Queue> = {}): Promise<Queue> => {
    const made = aQueue({ projectId: of.projectId, ...over });
    await store.queues.insert(made, 100);
    return made;
  };

  const subscription = async (of: Scope, over: Partial<Subscription> = {}): Promise<Subscription> => {
    const made = aSubscription({ ...of, ...over });
    if (!(await store.legacySubscriptions.insert(made))) throw new Error(`${made.notifyType} is subscribed already.`);
    return made;
  };

  const message = async (of: Scope, over: Partial<NewMessage> & Pick<NewMessage, 'deviceId'>): Promise<NewMessage> => {
    const made = aMessage(over);
    const { conflicts } = await store.effects.apply(of.projectId, [{ kind: 'insertMessage', message: made }]);
    if (conflicts.length > 0) throw new Error('The message met a conflict.');
    return made;
  };

  /** It leaves if it may; its device has 20 s to answer. */
  const command = async (
    of: Scope,
    over: Partial<NewAsyncCommand> & Pick<NewAsyncCommand, 'deviceId'>,
  ): Promise<NewAsyncCommand> => {
    const made = aCommand(over);
    const effect = { kind: 'insertCommand', command: made, answerMs: 20_000 } as const;
    const { conflicts } = await store.effects.apply(of.projectId, [effect]);
    if (conflicts.length > 0) throw new Error('The command met a conflict.');
    return made;
  };

  /** Stored, not expanded yet. */
  const task = async (
    of: Scope,
    over: Partial<NewTask> & Pick<Partial<OtaPackage>, 'packageId'> = {},
  ): Promise<Task> => {
    const { packageId, ...rest } = over;
    const options = { unfinishedMax: 1_000_000, now: builtAt, ...(packageId === undefined ? {} : { packageId }) };
    const { task: made } = await store.tasks.insert(aTask({ ...of, ...rest }), options);
    return made;
  };

  const finish = async ({ taskNo }: Pick<Task, 'taskNo'>): Promise<void> => {
    const { now, limit } = chunkOptions;
    while (!(await store.subtasks.expand(taskNo, { now, limit })).done);
    while ((await store.subtasks.dispatch(taskNo, chunkOptions, allDone)).runs > 0);
  };

  /** Every subtask has ended well. */
  const finishedTask = async (of: Scope, over: Partial<NewTask> = {}): Promise<Task> => {
    const { taskNo, taskId } = await task(of, over);
    await finish({ taskNo });
    const made = await store.tasks.find(of.projectId, taskId);
    if (made === undefined) throw new Error(`Task ${taskId} was not stored.`);
    return made;
  };

  const exported = async (of: Scope, over: Partial<NewExport> = {}): Promise<ExportTask> => {
    const { taskId } = await finishedTask(of);
    return store.exports.insert(anExport({ projectId: of.projectId, taskId, ...over }));
  };

  return {
    scope,
    app,
    product,
    device,
    devices,
    connect,
    group,
    pkg,
    module,
    rule,
    action,
    backlogPolicy,
    flowPolicy,
    queue,
    subscription,
    message,
    command,
    task,
    finish,
    finishedTask,
    exported,
  };
}

export type Given = ReturnType<typeof createGiven>;
