import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Subject } from '../../../src/domain/rule.ts';
import { builtAt } from '../../builders/chance.ts';
import { toBasicTime, toMillisTime } from '../../../src/domain/time.ts';
import { aDevice, aMessage } from '../../builders/device-builders.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const answerMs = 20_000;
const basic = expect.stringMatching(/^\d{8}T\d{6}Z$/);
const millis = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

interface Heard {
  readonly key: string;
  readonly event: JsonObject;
}

/** v5 15.5: who listens to a subject hears what happens, in the transaction in which it does. */
export function describeEvents(makeStore: MakeStore): void {
  describe('events', () => {
    const fixture = useStore(makeStore);

    /** Everything that waits, in the order in which it happened. */
    const heard = async (): Promise<readonly Heard[]> => {
      const { store } = fixture();
      const all: (Heard & { readonly no: number })[] = [];
      const [now, leaseUntil] = [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
      for (;;) {
        const items = await store.outbox.claim(now, { limit: 100, leaseUntil });
        if (items.length === 0) break;
        all.push(...items.map(({ no, key, payload }) => ({ no, key, event: payload })));
        await store.outbox.finish(
          items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
          now,
        );
      }
      return all.toSorted((a, b) => a.no - b.no).map(({ key, event }) => ({ key, event }));
    };

    const listen = async (subject: Subject): Promise<void> => {
      const { given, scope } = fixture();
      const [resource = '', event = ''] = subject.split(':');
      await given.action(scope, { rule: await given.rule(scope, { subject: { resource, event } }) });
    };

    const notices = async (): Promise<readonly unknown[]> => (await heard()).map(({ event }) => event['notify_data']);

    const headerOf = (device: {
      deviceId: DeviceId;
      nodeId: string;
      productId: string;
      parentId?: DeviceId | undefined;
    }) => ({
      app_id: fixture().scope.appId,
      device_id: device.deviceId,
      node_id: device.nodeId,
      product_id: device.productId,
      gateway_id: device.parentId ?? device.deviceId,
    });

    const apply = (...effects: Parameters<ReturnType<typeof fixture>['store']['effects']['apply']>[1]) =>
      fixture().store.effects.apply(fixture().scope.projectId, effects);

    it('have the envelope of their subject and the key of their device', async () => {
      const { given, scope } = fixture();
      await listen('device:create');
      const device = await given.device(scope, {
        name: 'Press',
        extensionInfo: { a: 1 },
        tags: [
          { key: 'site', value: 'west' },
          { key: 'bare', value: undefined },
        ],
        auth: { authType: 'SECRET', secret: 'a-secret-of-it', secureAccess: true, timeoutSeconds: 60 },
      });
      const [first, ...rest] = await heard();
      expect(rest).toEqual([]);
      expect(first?.key).toBe(device.deviceId);
      expect(first?.event).toEqual({
        resource: 'device',
        event: 'create',
        event_time: basic,
        event_time_ms: millis,
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        notify_data: {
          body: {
            app_id: scope.appId,
            app_name: 'DefaultApp',
            device_id: device.deviceId,
            node_id: device.nodeId,
            gateway_id: device.deviceId,
            device_name: 'Press',
            node_type: 'GATEWAY',
            product_id: device.productId,
            product_name: device.productName,
            status: 'INACTIVE',
            tags: [{ tag_key: 'bare' }, { tag_key: 'site', tag_value: 'west' }],
            auth_info: { auth_type: 'SECRET', secure_access: true, timeout: 60 },
            create_time: toBasicTime(device.createdAt),
            extension_info: { a: 1 },
          },
        },
      });
      expect(JSON.stringify(first)).not.toContain('a-secret-of-it');
    });

    it('tell of devices that are created, changed and deleted, one by one or in a set', async () => {
      const { store, given, scope } = fixture();
      await listen('device:create');
      await listen('device:update');
      await listen('device:delete');
      const product = await given.product(scope);
      const [first, second] = [
        aDevice({ ...scope, productId: product.productId }),
        aDevice({ ...scope, productId: product.productId }),
      ];
      await apply({ kind: 'createDevice', device: first }, { kind: 'createDevice', device: second });
      await store.devices.update(scope.projectId, first.deviceId, { name: 'New' });
      await apply({
        kind: 'updateDevice',
        deviceId: second.deviceId,
        changes: { description: 'd', tags: [{ key: 'k', value: 'v' }] },
      });
      await store.devices.delete(scope.projectId, first.deviceId, builtAt);
      await apply({ kind: 'deleteDevice', deviceId: second.deviceId, at: builtAt });
      const all = await heard();
      expect(all.map(({ key, event }) => [event['event'], key])).toEqual([
        ['create', first.deviceId],
        ['create', second.deviceId],
        ['update', first.deviceId],
        ['update', second.deviceId],
        ['delete', first.deviceId],
        ['delete', second.deviceId],
      ]);
      expect(all[2]?.event['notify_data']).toMatchObject({
        body: { device_name: 'New', auth_info: { auth_type: 'SECRET' } },
      });
      expect(all[3]?.event['notify_data']).toMatchObject({
        body: { description: 'd', tags: [{ tag_key: 'k', tag_value: 'v' }] },
      });
      expect(all[4]?.event['notify_data']).toEqual({ header: headerOf(first) });
      expect(all[5]?.event['notify_data']).toEqual({
        header: { ...headerOf(second), tags: [{ tag_key: 'k', tag_value: 'v' }] },
      });
    });

    it('tell of every change of a shown status, and of nothing that is no change', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope);
      const child = await given.device(scope, { parent: device });
      await listen('device.status:update');
      const session = await given.connect(device.deviceId, builtAt + 1);
      await given.connect(device.deviceId, builtAt + 2);
      await store.devices.setChildStatuses(
        device.deviceId,
        [{ deviceId: child.deviceId, status: 'ONLINE' }],
        builtAt + 3,
      );
      await store.devices.setChildStatuses(
        device.deviceId,
        [{ deviceId: child.deviceId, status: 'ONLINE' }],
        builtAt + 4,
      );
      await store.sessions.detach(device.deviceId, session, builtAt + 5);
      await store.sessions.detachNode('node-1', builtAt + 6);
      await store.sessions.settleOffline(builtAt + 6, 100);
      await apply({ kind: 'freezeDevice', deviceId: device.deviceId });
      await apply({ kind: 'freezeDevice', deviceId: device.deviceId });
      await apply({ kind: 'unfreezeDevice', deviceId: device.deviceId });
      const status = (of: typeof device, body: object) => ({ header: headerOf(of), body });
      expect(await notices()).toEqual([
        status(device, { status: 'ONLINE', last_online_time: toMillisTime(builtAt + 1) }),
        status(child, { status: 'ONLINE', last_online_time: toMillisTime(builtAt + 3) }),
        status(device, { status: 'OFFLINE', last_online_time: toMillisTime(builtAt + 6) }),
        status(device, { status: 'FREEZED', last_online_time: toMillisTime(builtAt + 6) }),
        status(device, { status: 'OFFLINE', last_online_time: toMillisTime(builtAt + 6) }),
      ]);
    });

    it('tell of a device that is activated over HTTP, once', async () => {
      const { store, given, scope } = fixture();
      const [device, online] = [await given.device(scope), await given.device(scope, { online: true })];
      await listen('device.status:update');
      for (const { deviceId } of [device, device, online]) await store.sessions.activate(deviceId, builtAt + 1);
      const body = { status: 'OFFLINE', last_online_time: toMillisTime(builtAt + 1) };
      expect(await notices()).toEqual([{ header: headerOf(device), body }]);
      expect(await store.devices.find(scope.projectId, device.deviceId)).toMatchObject({ activeAt: builtAt + 1 });
      expect(await store.devices.find(scope.projectId, online.deviceId)).toMatchObject({ connectivity: 'ONLINE' });
    });

    it('tell that a frozen device which loses its connection is still frozen by not telling', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope, { online: true, frozen: true });
      await listen('device.status:update');
      await store.sessions.detachNode('node-1', builtAt);
      await store.sessions.settleOffline(builtAt, 100);
      expect(await notices()).toEqual([]);
      await apply({ kind: 'unfreezeDevice', deviceId: device.deviceId });
      expect(await notices()).toMatchObject([{ body: { status: 'OFFLINE' } }]);
    });

    it('tell of a child that goes to another gateway', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const [from, to] = [await given.device(scope, { product }), await given.device(scope, { product })];
      const child = await given.device(scope, { product, parent: from, online: true });
      await listen('device:update');
      await listen('device.status:update');
      await store.devices.changeGateway(scope.projectId, child.deviceId, { gatewayId: to.deviceId, at: builtAt + 9 });
      const header = { ...headerOf(child), gateway_id: to.deviceId };
      const body = { status: 'OFFLINE', last_online_time: toMillisTime(builtAt + 9) };
      const [status, update, ...rest] = await notices();
      expect([status, rest]).toEqual([{ header, body }, []]);
      expect(update).toMatchObject({ body: { gateway_id: to.deviceId, status: 'OFFLINE' } });
    });

    it('tell all that a device reports, whatever its shadow takes', async () => {
      const { store, given, scope } = fixture();
      await listen('device.property:report');
      const device = await given.device(scope);
      const { deviceId } = device;
      const services = [
        { serviceId: 'Battery', properties: { level: 40 }, at: builtAt },
        { serviceId: 'Battery', properties: { unknown: [1] }, at: builtAt + 60_000 },
      ];
      await store.devices.reportProperties([], { projectId: scope.projectId, reports: [{ deviceId, services }] });
      expect(await notices()).toEqual([
        {
          header: headerOf(device),
          body: {
            services: [
              { service_id: 'Battery', properties: { level: 40 }, event_time: toBasicTime(builtAt) },
              { service_id: 'Battery', properties: { unknown: [1] }, event_time: toBasicTime(builtAt + 60_000) },
            ],
          },
        },
      ]);
    });

    it('tell of messages from devices in their order', async () => {
      const { store, given, scope } = fixture();
      await listen('device.message:report');
      const device = await given.device(scope);
      const { deviceId } = device;
      const sent = [{ temperature: 40 }, 'text'].map((content) => ({
        projectId: scope.projectId,
        deviceId,
        topic: '/t',
        content,
      }));
      await store.events.received(sent);
      expect(await notices()).toEqual(
        sent.map(({ topic, content }) => ({ header: headerOf(device), body: { topic, content } })),
      );
    });

    it('tell of the end of a message to a device, however it ends', async () => {
      const { store, given, scope } = fixture();
      await listen('device.message.status:update');
      const device = await given.device(scope);
      const { deviceId } = device;
      const request = {
        message: 'm',
        name: 'n',
        topic: 'alarm',
        encoding: 'none',
        format: 'standard',
        ttlMinutes: 5,
      } as const;
      const [delivered, withdrawn, expired] = [
        await given.message(scope, { deviceId, request }),
        await given.message(scope, { deviceId }),
        await given.message(scope, { deviceId }),
      ];
      const settle = { kind: 'settleMessage', deviceId, messageId: delivered.messageId } as const;
      await apply({ ...settle, status: 'PENDING', at: builtAt });
      await apply(
        { ...settle, status: 'DELIVERED', at: builtAt + 1000 },
        { ...settle, status: 'TIMEOUT', at: builtAt },
      );
      await store.messages.withdraw(deviceId, withdrawn.messageId, builtAt + 2000);
      await store.messages.expire(expired.expiresAt, 10);
      const failure = { code: '014016', message: 'Offline.' };
      const failed = aMessage({ deviceId });
      await apply({ kind: 'insertMessage', message: failed, failure });
      const told = (body: object) => ({ header: headerOf(device), body });
      const plain = `$oc/devices/${deviceId}/sys/messages/down`;
      expect(await notices()).toEqual([
        told({
          name: 'n',
          topic: `$oc/devices/${deviceId}/user/alarm`,
          message_id: delivered.messageId,
          status: 'DELIVERED',
          timestamp: toBasicTime(builtAt + 1000),
        }),
        told({
          topic: plain,
          message_id: withdrawn.messageId,
          status: 'FAILED',
          timestamp: toBasicTime(builtAt + 2000),
        }),
        told({
          topic: plain,
          message_id: expired.messageId,
          status: 'TIMEOUT',
          timestamp: toBasicTime(expired.expiresAt),
        }),
        told({
          topic: plain,
          message_id: failed.messageId,
          status: 'FAILED',
          timestamp: toBasicTime(failed.createdAt),
        }),
      ]);
    });

    it('tell of every status of a command', async () => {
      const { store, given, scope } = fixture();
      await listen('device.command.status:update');
      const device = await given.device(scope, { online: true });
      const { deviceId } = device;
      const [first, second] = [await given.command(scope, { deviceId }), await given.command(scope, { deviceId })];
      await store.commands.note([{ kind: 'delivered', commandId: first.commandId, at: builtAt + 1000 }]);
      const settle = { kind: 'settleCommand', deviceId, answerMs } as const;
      await apply({
        ...settle,
        commandId: first.commandId,
        status: 'SUCCESSFUL',
        result: { ok: 1 },
        at: builtAt + 2000,
      });
      await store.commands.note([{ kind: 'unsent', commandId: second.commandId, at: builtAt + 3000 }]);
      await apply({ kind: 'withdrawCommand', deviceId, commandId: second.commandId, at: builtAt + 4000 });
      const created = { created_time: toBasicTime(first.createdAt) };
      const sent = { sent_time: basic };
      const delivered = { delivered_time: toBasicTime(builtAt + 1000) };
      const of = ({ commandId }: typeof first, body: object) => ({
        header: headerOf(device),
        body: { command_id: commandId, ...created, ...body },
      });
      expect(await notices()).toEqual([
        of(first, { ...sent, status: 'SENT' }),
        of(first, { ...sent, ...delivered, status: 'DELIVERED' }),
        of(first, {
          ...sent,
          ...delivered,
          response_time: toBasicTime(builtAt + 2000),
          status: 'SUCCESSFUL',
          result: { ok: 1 },
        }),
        of(second, { ...sent, status: 'SENT' }),
        of(second, { status: 'PENDING' }),
        of(second, { status: 'EXPIRED' }),
      ]);
    });

    it('tell of products', async () => {
      const { store, given, scope } = fixture();
      await listen('product:create');
      await listen('product:update');
      await listen('product:delete');
      const product = await given.product(scope);
      const changed = await store.products.update(product, { description: 'new' });
      await store.products.delete(changed);
      const body = { app_id: scope.appId, product_id: product.productId, name: product.name };
      const [created, updated, deleted, ...rest] = await heard();
      expect(rest).toEqual([]);
      expect(created).toMatchObject({ key: product.productId, event: { event: 'create', notify_data: { body } } });
      expect(updated?.event['notify_data']).toMatchObject({
        body: { ...body, description: 'new', service_capabilities: [] },
      });
      expect(deleted?.event['notify_data']).toEqual({ body });
    });

    it('reach the rules of their own project and application alone, and no rule that sleeps', async () => {
      const { given, scope } = fixture();
      const subject = { resource: 'device', event: 'create' };
      const other = await given.app(scope);
      const foreign = await given.scope();
      const own = await given.action(scope, { rule: await given.rule(scope, { subject, appId: scope.appId }) });
      for (const rule of [
        await given.rule(scope, { subject, appId: other.appId }),
        await given.rule(scope, { subject, active: false }),
        await given.rule(foreign, { subject }),
      ]) {
        await given.action(rule.projectId === scope.projectId ? scope : foreign, { rule });
      }
      await given.device(scope);
      const { store } = fixture();
      const items = await store.outbox.claim(Number.MAX_SAFE_INTEGER - 1, {
        limit: 10,
        leaseUntil: Number.MAX_SAFE_INTEGER,
      });
      expect(items.map(({ actionId }) => actionId)).toEqual([own.actionId]);
    });
  });
}
