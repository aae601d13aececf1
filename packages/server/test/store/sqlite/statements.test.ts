import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtAt } from '../../builders/chance.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { aDevice } from '../../builders/device-builders.ts';
import { anExport } from '../../builders/export-builders.ts';
import { createGiven } from '../../builders/given.ts';
import { firstMarker } from '../../../src/domain/paging.ts';
import { parseWhere } from '../../../src/domain/search/parse-search.ts';
import { firstPage } from '../conformance/store-fixture.ts';
import { createRecordingStore, type RecordedStatement } from './recorded-statements.ts';

/**
 * Reads every row of a table, or of a partial index, where the number of rows grows with the fleet or its work. Tables that a person fills
 * by hand (users, projects) are listed whole on purpose.
 */
const listedWhole = new Set(['users', 'projects', 'access_keys', 'audit', 'session_epoch']);
/** Steps that read a whole index or a small set, and why that is right. */
const allowed: Readonly<Record<string, RegExp>> = {
  // For a gauge and for a periodic job: a covering index, off every hot way.
  'outbox.size': /COVERING INDEX/,
  'outbox.trim': /COVERING INDEX|^SCAN waiting$/,
  // The partial indexes hold what consumers have in hand, which their limits bound; at the start and at the burial of a node.
  'queueMessages.releaseNode': /COVERING INDEX queue_messages_(held|keys)/,
  // The partial index holds unfinished tasks alone, of which there are few (v5 16).
  'subtasks.listTurns': /USING INDEX tasks_turns/,
  // The partial index holds unfinished exports alone, ten of a project at most (v5 14).
  'exports.claim': /USING INDEX exports_due/,
  // The tree of groups, as found so far; the window over one chunk of members.
  'tasks expand groups': /^SCAN (t|tree|\(subquery-\d+\))$/,
};

const searchedRules = [
  "device_id = 'd'",
  "product_id = 'p'",
  "status = 'ONLINE'",
  "node_id like 'abcd%'",
  "tag_key = 'k' and tag_value = 'v'",
  "tag_value = 'v'",
  "group_id = 'g'",
  "gateway_id = 'g'",
  "fw_version = '1' and status = 'FROZEN'",
  "create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'",
  "product_id = 'p' and marker < 'ff' or node_id = 'n'",
  "fw_version != '1'",
] as const;

/** Rows of parameters, and what sub-queries made of them. */
const isSet = (name: string): boolean => /^(r|t|m|c|part|parts|ranked|crowded|\(subquery-\d+\))$/.test(name);

const scannedBy = ({ operation, plan }: RecordedStatement): readonly string[] =>
  plan.filter((line) => {
    const [, table] = /^SCAN (\S+)/.exec(line) ?? [];
    if (table === undefined || line.includes('VIRTUAL TABLE') || line.startsWith('SCAN CONSTANT')) return false;
    return !listedWhole.has(table) && !isSet(table) && allowed[operation]?.test(line) !== true;
  });

describe('the statements of the store', () => {
  const recording = createRecordingStore();
  const { store, record } = recording;

  beforeAll(async () => {
    const given = createGiven(store);
    const scope = await given.scope();
    const { projectId, appId } = scope;
    const product = await given.product(scope);
    const { productId } = product;
    const gateway = await given.device(scope, { product, online: true });
    const child = await given.device(scope, { product, parent: gateway });
    const group = await given.group(scope, { members: [gateway.deviceId] });
    const rule = await given.rule(scope);
    const action = await given.action(scope, { rule });
    const { deviceId } = gateway;
    // A first page that is not full is not counted.
    const page = { ...firstPage, offset: 1 };

    await record('accounts.findUserByName', () => store.accounts.findUserByName('d', 'n'));
    await record('accounts.findAccessKey', () => store.accounts.findAccessKey('a'));
    await record('accounts.listProjectsOf', () => store.accounts.listProjectsOf('u' as never, 'n'));
    await record('apps.list', () => store.apps.list(projectId));
    await record('products.find', () => store.products.find(projectId, productId));
    await record('products.list', () => store.products.list({ projectId }, page));
    const traits = { deviceType: 't', model: 'm', manufacturerId: 'i', protocolType: 'p' };
    await record('products.listByTraits', () => store.products.listByTraits({ projectId, appId }, traits, 1));
    await record('products.listByTraits of a type', () =>
      store.products.listByTraits({ projectId, appId }, { deviceType: 't' }, 1),
    );
    await record('products.delete', () => store.products.delete({ ...product }).catch(() => undefined));

    const direct = aDevice({ ...scope, productId });
    await record('devices.insert', () => store.devices.insert(direct));
    await record('devices.insert, a child', () =>
      store.devices.insert(aDevice({ ...scope, productId, parentId: deviceId })),
    );
    await record('devices.find', () => store.devices.find(projectId, deviceId));
    await record('devices.list', () => store.devices.list({ projectId }, page));
    await record('devices.list by product', () => store.devices.list({ projectId, appId, productId }, page));
    await record('devices.list by node', () => store.devices.list({ projectId, nodeId: 'n' }, page));
    await record('devices.list by name', () => store.devices.list({ projectId, name: 'n' }, page));
    await record('devices.list by gateway', () => store.devices.list({ projectId, gatewayId: deviceId }, page));
    await record('devices.list by gateway, all levels', () =>
      store.devices.list({ projectId, gatewayId: deviceId, cascade: true }, page),
    );
    await record('devices.listLapsed', () => store.devices.listLapsed(1, 10));
    await record('devices.listChildren', () => store.devices.listChildren(deviceId, '', 10));
    await record('devices.listChildChanges', () => store.devices.listChildChanges(deviceId, 0, 10));
    await record('devices.setChildStatuses', () =>
      store.devices.setChildStatuses(deviceId, [{ deviceId: child.deviceId, status: 'ONLINE' }], 1),
    );
    const writes = [{ serviceId: 's', desired: { p: 2 } }];
    await record('effects.apply setDesired', () =>
      store.effects.apply(projectId, [{ kind: 'setDesired', deviceId, writes, at: 1 }]),
    );
    await record('devices.listShadowDeltas', () => store.devices.listShadowDeltas([deviceId]));
    await record('devices.listDifferingChildren', () => store.devices.listDifferingChildren(deviceId, ''));
    await record('devices.clearShadow', () => store.devices.clearShadow(projectId, deviceId));
    await record('devices.reportProperties', () =>
      store.devices.reportProperties([{ deviceId, serviceId: 's', properties: { p: 1 }, at: 1 }]),
    );
    await record('devices.getShadow', () => store.devices.getShadow(deviceId));
    const move = (gatewayId: typeof deviceId) =>
      store.devices.changeGateway(projectId, child.deviceId, { gatewayId, at: 1 });
    await record('devices.changeGateway', () => move(direct.deviceId));
    await move(deviceId);
    await record('devices.delete', () => store.devices.delete(projectId, direct.deviceId, builtAt));

    await record('sessions.findLogin', () => store.sessions.findLogin(deviceId));
    await record('sessions.adoptFingerprint', () => store.sessions.adoptFingerprint(deviceId, 'f'));
    await record('sessions.attach', () => store.sessions.attach({ deviceId, node: 'n', address: 'a', at: 1 }));
    await record('sessions.findReach', () => store.sessions.findReach(projectId, child.deviceId));
    await record('sessions.detach', () => store.sessions.detach(deviceId, { node: 'n', epoch: 0 }, 1));
    await record('sessions.detachNode', () => store.sessions.detachNode('n', 1));
    await record('sessions.earliestEnded', () => store.sessions.earliestEnded());
    await record('sessions.settleOffline', () => store.sessions.settleOffline(1, 10));

    const inner = await record('groups.insert', () => given.group(scope, { superGroupId: group.groupId }));
    await record('groups.list', () => store.groups.list({ projectId }, page));
    await record('groups.addMembers', () => store.groups.addMembers(projectId, group.groupId, [child.deviceId]));
    await record('groups.listMembers', () => store.groups.listMembers(projectId, group.groupId, page));
    await record('groups.listOf', () => store.groups.listOf(projectId, deviceId));
    const set = { deviceIds: [deviceId], appId };
    await record('groups.addAll', () => store.groups.addAll(projectId, group.groupId, set));
    await record('groups.removeAll', () => store.groups.removeAll(projectId, group.groupId, set));
    const oldestFirst = { limit: 2, marker: firstMarker, offset: 1, order: 'oldest-first' } as const;
    await record('groups.list', () => store.groups.list({ ...scope, type: 'STATIC' }, oldestFirst));
    await record('groups.listMembers', () => store.groups.listMembers(projectId, group.groupId, oldestFirst));
    const brief = await given.group(scope);
    await record('groups.dissolve', () => store.groups.dissolve(projectId, brief.groupId));
    await record('groups.delete', () => store.groups.delete(projectId, group.groupId).catch(() => undefined));

    await record('groups.insert, a dynamic one', () =>
      given.group(scope, { rule: `group_id = '${group.groupId}' and status = 'ONLINE'` }),
    );
    const dynamic = await given.group(scope, { rule: "tag_key = 'k' and tag_value = 'v'" });
    await record('groups.listOf', () => store.groups.listOf(projectId, deviceId));
    await record('groups.listMembers, dynamic', () => store.groups.listMembers(projectId, dynamic.groupId, page));
    await record('tags.bind', () => store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'v' }]));
    await record('tags.unbind', () => store.tags.unbind({ projectId, deviceId }, ['k']));
    for (const rule of [undefined, ...searchedRules]) {
      const where = rule === undefined ? undefined : parseWhere(rule);
      const search = { where, order: 'desc', limit: 10, offset: 0 } as const;
      await record(`search.find ${rule ?? 'all'}`, () => store.search.find(projectId, search));
      await record(`search.count ${rule ?? 'all'}`, () => store.search.count(projectId, where));
    }

    await record('packages.insertFile', () => store.packages.insertFile(aPackageFile({ projectId })));
    await record('packages.keepFile', () => store.packages.keepFile(aPackageFile({ projectId })));
    await record('packages.dropFile', () => store.packages.dropFile(aPackageFile({ projectId }).fileId));
    await record('packages.dropStaleFiles', () => store.packages.dropStaleFiles(0, 10));
    await record('packages.forgetFiles', () => store.packages.forgetFiles([aPackageFile({ projectId }).fileId]));
    const pkg = await record('packages.insert', () => given.pkg(scope, { productId }));
    await record('packages.list', () => store.packages.list({ projectId, types: ['firmwarePackage'] }, page));
    await record('packages.find', () => store.packages.find(projectId, pkg.packageId));
    await record('packages.delete', () => store.packages.delete(projectId, pkg.packageId));

    const message = await given.message(scope, { deviceId });
    await record('messages.list', () => store.messages.list(deviceId));
    await record('messages.listPending', () => store.messages.listPending(deviceId));
    await record('messages.withdraw', () => store.messages.withdraw(deviceId, message.messageId, 1));
    await record('messages.expire', () => store.messages.expire(1, 10));
    await record('messages.purge', () => store.messages.purge(1, 10));

    await given.connect(deviceId);
    const commands = [await record('commands insert', () => given.command(scope, { deviceId }))];
    for (let n = 0; n < 2; n++) commands.push(await given.command(scope, { deviceId }));
    const filter = { statuses: ['SENT', 'PENDING'], commandName: 'c', createdFrom: 1, createdTo: 2 } as const;
    await record('commands.list', () => store.commands.list(deviceId, filter, page));
    await record('commands.count', () => store.commands.count(deviceId, filter));
    await record('commands.claim', () => store.commands.claim([deviceId], { now: builtAt, answerMs: 1 }));
    await record('commands.listWaitingChildren', () => store.commands.listWaitingChildren(deviceId, '', 10));
    await record('commands.findSent', () => store.commands.findSent([]));
    await record('commands.listDue', () => store.commands.listDue(1, 10));
    await record('commands.note', () =>
      store.commands.note(
        (['delivered', 'unsent'] as const).map((kind) => ({ commandId: 'c' as never, kind, at: builtAt })),
      ),
    );
    await record('commands settle and withdraw', () =>
      store.effects.apply(
        projectId,
        commands.flatMap(({ commandId }) => [
          { kind: 'settleCommand', deviceId, commandId, status: 'FAILED', at: builtAt, answerMs: 1 },
          { kind: 'withdrawCommand', deviceId, commandId, at: builtAt },
        ]),
      ),
    );
    await record('commands.listOfApp', () => store.commands.listOfApp({ projectId, appId }, page));
    await record('commands.listOfApp by device', () => store.commands.listOfApp({ projectId, appId, deviceId }, page));
    await record('commands.findOfApp', () => store.commands.findOfApp({ projectId, appId }, 'c' as never));
    await record('commands.findAll', () => store.commands.findAll(['c' as never]));
    await record('commands.retransmit', () => store.commands.retransmit(['c' as never], { now: builtAt, answerMs: 1 }));
    const waiting = { projectId, deviceId, commandId: 'c' as never, at: builtAt };
    await record('commands.cancel', () => store.commands.cancel(waiting));
    const cancellation = {
      projectId,
      appId,
      deviceId,
      recordId: 'r' as never,
      cancellationId: 'c',
      createdAt: builtAt,
    };
    await record('commands.cancelAll', () => store.commands.cancelAll(cancellation));
    await record('commands.listCancellations', () => store.commands.listCancellations({ projectId, appId }, page));
    await record('commands.listCancellations by device', () =>
      store.commands.listCancellations({ projectId, appId, deviceId }, page),
    );
    const calling = { paras: {}, strategy: 'delay', cacheSeconds: 1, callbackUrl: 'http://h/' } as const;
    await record('commands insert that call back', () => given.command(scope, { deviceId, request: calling }));
    await record('commands.purge', () => store.commands.purge(1, 10));

    await record('rules.list', () => store.rules.list({ projectId, resource: 'batchtask' }, page));
    await record('rules.listActions', () => store.rules.listActions({ projectId }, page));
    await record('rules.listActions of a rule', () =>
      store.rules.listActions({ projectId, ruleId: rule.ruleId }, page),
    );

    const task = await given.finishedTask(scope);
    await record('outbox.claim', () => store.outbox.claim(builtAt, { limit: 10, leaseUntil: builtAt + 1 }));
    const ofAction = { actionId: action.actionId };
    await record('outbox.finish', () =>
      store.outbox.finish(
        [
          { kind: 'failed', no: 1, ...ofAction, nextAt: builtAt, error: 'e' },
          { kind: 'delivered', no: 2, ...ofAction },
        ],
        builtAt,
      ),
    );
    await given.flowPolicy(scope);
    await record('outbox.claim behind flow control', () =>
      store.outbox.claim(builtAt + 1, { limit: 10, leaseUntil: builtAt + 2 }),
    );
    await record('outbox.redeliver', () => store.outbox.redeliver(action.actionId, { key: 'k', now: builtAt }));
    await record('outbox.redeliver all', () =>
      store.outbox.redeliver(action.actionId, { key: undefined, now: builtAt }),
    );
    await record('outbox.status', () => store.outbox.status(action.actionId));
    const after = { key: 'k', no: 0 };
    await record('outbox.listWaiting', () => store.outbox.listWaiting({ ...ofAction, limit: 10, after }));
    await record('outbox.listWaiting of a key', () => store.outbox.listWaiting({ ...ofAction, limit: 10, key: 'k' }));
    await record('flowPolicies.list', () => store.flowPolicies.list({ projectId, scope: 'USER' }, page));
    await record('backlogPolicies.list', () => store.backlogPolicies.list({ projectId }, page));
    await record('outbox.nextWake', () => store.outbox.nextWake());
    await record('outbox.size', () => store.outbox.size());
    await record('outbox.trim', () => store.outbox.trim(builtAt, { bytesMax: 1, ageSecondsMax: 1 }));
    const subscription = await given.subscription(scope, { notifyType: 'deviceInfoChanged' });
    await record('devices.update, with a legacy subscription', () =>
      store.devices.update(projectId, deviceId, { name: 'told' }),
    );
    await record('outbox.finish of a legacy post', () =>
      store.outbox.finish([{ kind: 'delivered', no: 1, actionId: undefined }], builtAt),
    );
    await record('legacySubscriptions.list', () =>
      store.legacySubscriptions.list({ ...scope, notifyType: 'deviceInfoChanged', url: subscription.url }, page),
    );
    await record('legacySubscriptions.put', () => store.legacySubscriptions.put({ ...subscription, url: 'http://r/' }));
    await record('legacySubscriptions.delete', () => store.legacySubscriptions.delete(scope));
    const queue = await given.queue(scope);
    const target = { channel: 'AMQP_FORWARDING', amqp: { queueName: queue.name } } as const;
    await record('rules.updateAction to a queue', () => store.rules.updateAction(projectId, action.actionId, target));
    const held = { queueId: queue.queueId, holder: 'node/link' };
    await record('queueMessages.waiting', () => store.queueMessages.waiting([queue.queueId], builtAt));
    await record('queueMessages.take', () =>
      store.queueMessages.take(held, { now: builtAt, countMax: 10, bytesMax: 1_000_000 }),
    );
    const settled = { no: 1, holder: held.holder };
    await record('queueMessages.settle', () =>
      store.queueMessages.settle(
        [
          { ...settled, kind: 'accepted' },
          { ...settled, kind: 'released' },
          { ...settled, kind: 'failed', dueAt: builtAt },
        ],
        builtAt,
      ),
    );
    await record('queueMessages.release', () => store.queueMessages.release(held));
    await record('queueMessages.releaseNode', () => store.queueMessages.releaseNode('node'));
    await record('queues.list', () => store.queues.list({ projectId, namePart: 'q' }, page));
    await record('queues.delete', () => store.queues.delete(projectId, queue.queueId).catch(() => undefined));
    await record('rules.deleteAction', () => store.rules.deleteAction(projectId, action.actionId));

    await record('apps.delete', () => store.apps.delete(projectId, appId).catch(() => undefined));
    await record('accounts.deleteProject', () => store.accounts.deleteProject(projectId).catch(() => undefined));

    await record('tasks.find', () => store.tasks.find(projectId, task.taskId));
    await record('tasks.list', () => store.tasks.list({ projectId }, page));
    await record('tasks.list by type', () => store.tasks.list({ projectId, type: 'freezeDevices' }, page));
    await record('tasks.insert', () => given.task(scope));
    await record('tasks expand and dispatch', () => given.finishedTask(scope));
    // The first group is walked otherwise than the ones after it: with members in both, it does not matter whose id comes first.
    await store.groups.addMembers(projectId, inner.groupId, [child.deviceId]);
    await record('tasks expand groups', () =>
      given.finishedTask(scope, { source: { kind: 'groups', groupIds: [group.groupId] } }),
    );
    await record('subtasks.listTurns', () => store.subtasks.listTurns(1, 10));
    await record('subtasks.nextWake', () => store.subtasks.nextWake(1));
    await record('subtasks.listDue', () => store.subtasks.listDue(1, 10));
    await record('subtasks.findLaneHolders', () => store.subtasks.findLaneHolders([deviceId]));
    await record('subtasks.listChildLaneHolders', () => store.subtasks.listChildLaneHolders(deviceId, '', 10));
    await record('subtasks.releaseOffline', () => store.subtasks.releaseOffline([deviceId], 1));
    await record('subtasks.releaseOfflineChildren', () => store.subtasks.releaseOfflineChildren(deviceId, 1));
    await record('subtasks.findLatestUpgrade', () => store.subtasks.findLatestUpgrade(deviceId));
    await record('subtasks.listRows', () => store.subtasks.listRows(task.taskNo, -1, 10));
    await record('subtasks.list', () => store.subtasks.list(task, {}, page));
    await record('subtasks.list by state', () => store.subtasks.list(task, { state: 'Fail' }, page));
    await record('subtasks.list by target', () => store.subtasks.list(task, { target: 'nobody' }, page));
    const oldest = { ...page, marker: firstMarker, order: 'oldest-first' } as const;
    const ordered = { task, filter: {}, page: oldest };
    await record('subtasks.listOrdered', () => store.subtasks.listOrdered(ordered));
    const failures = {
      choices: [
        { state: 'Fail', byTime: true },
        { state: 'Processing', cached: true },
      ],
    } as const;
    await record('subtasks.listOrdered by state', () => store.subtasks.listOrdered({ ...ordered, filter: failures }));
    const named = { seqs: [0], targets: ['nobody'] };
    await record('subtasks.listOrdered by name', () => store.subtasks.listOrdered({ ...ordered, filter: named }));
    const operations = { projectId, appId, types: ['firmwareUpgrade', 'softwareUpgrade'] } as const;
    await record('tasks.list of operations', () => store.tasks.list(operations, page));
    const press = { ...operations, traits: { deviceType: 'press' }, target: deviceId };
    await record('tasks.list of operations by product and device', () => store.tasks.list(press, page));
    await record('targets.findGroups', () => store.targets.findGroups(scope, { names: ['g'] }));
    await record('targets.findProductsOf', () => store.targets.findProductsOf(scope, ['d']));
    await record('targets.findNodesOf', () => store.targets.findNodesOf(scope, ['d']));
    await record('targets.findByNode', () => store.targets.findByNode(scope, 'n'));
    await record('targets.findPackages', () => store.targets.findPackages(scope, ['p']));
    await record('targets.findTaskPackages', () => store.targets.findTaskPackages(scope, ['p']));

    const exported = await record('exports.insert', () =>
      store.exports.insert(anExport({ projectId, taskId: task.taskId })),
    );
    const key = { projectId, exportId: exported.exportId, now: builtAt };
    await record('exports.list', () => store.exports.list({ projectId, taskId: exported.taskId }, page, builtAt));
    await record('exports.find', () => store.exports.find(key));
    const run = { exportId: exported.exportId, run: 1 };
    const end = { rows: 1, hasSecrets: false, endedAt: builtAt, expiresAt: builtAt };
    await record('exports.claim', () => store.exports.claim({ now: builtAt, leaseUntil: builtAt, holder: 'h' }));
    await record('exports.discardEarlier', () => store.exports.discardEarlier({ ...run, run: 2 }, 1));
    await record('exports.report', () => store.exports.report(run, { rows: 1, progress: 1, leaseUntil: builtAt }));
    await record('exports.addChunk', () => store.exports.addChunk(run, { part: 0, bytes: Buffer.from('x') }));
    await record('exports.readChunk', () => store.exports.readChunk(run, 0));
    await record('exports.release', () => store.exports.release(run, builtAt));
    await record('exports.succeed', () => store.exports.succeed(run, end));
    await record('exports.delete', () => store.exports.delete({ ...key, now: 0 }));
    await record('exports.purge', () => store.exports.purge(builtAt, 1));

    const access = store.legacyAccess;
    const tokens = { appId, accessHash: 'a', refreshHash: 'r', accessExpiresAt: 1, refreshExpiresAt: 1 };
    const grant = { ownerId: appId, callerId: appId };
    const shown = { appId, hash: 'a', now: 0 };
    await record('legacyAccess.setSecret', () => access.setSecret(projectId, appId, 'h'));
    await record('legacyAccess.findSecret', () => access.findSecret(appId));
    await record('legacyAccess.issue', () => access.issue(tokens, { secretHash: 'h', single: true, tokensMax: 1 }));
    await record('legacyAccess.isRefreshToken', () => access.isRefreshToken(shown));
    const caller = await record('legacyAccess.findCaller', () => access.findCaller(shown));
    await record('legacyAccess.grant', () => access.grant(projectId, grant));
    if (caller !== undefined) await record('legacyAccess.findOwner', () => access.findOwner(caller.app, appId));
    await record('legacyAccess.withdrawGrant', () => access.withdrawGrant(projectId, grant));
    await record('legacyAccess.endAccessToken', () => access.endAccessToken('a'));
    await record('legacyAccess.purge', () => access.purge(builtAt, 1));
    await record('legacyAccess.revokeSecret', () => access.revokeSecret(projectId, appId));
  });

  afterAll(() => store.stop());

  it('scan nothing that grows with the fleet or its work', () => {
    const scans = recording
      .statements()
      .map((statement) => [statement, scannedBy(statement)] as const)
      .filter(([, lines]) => lines.length > 0)
      .map(([{ operation, sql }, lines]) => `${operation}: ${lines.join('; ')}\n    ${sql}`);
    expect(scans).toEqual([]);
  });

  it('are the ones that were committed, with their plans (renew with vitest -u)', async () => {
    const text = recording
      .statements()
      .map(({ operation, sql, plan }) => `-- ${operation}\n${sql}\n${plan.map((line) => `--   ${line}\n`).join('')}`);
    await expect(text.join('\n')).toMatchFileSnapshot('statements.sql');
  });
});
