import { describe, expect, it } from 'vitest';
import { deviceNotifyTypes, type NotifyType } from '../../../src/domain/legacy-subscription.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import type { OutboxItem } from '../../../src/ports/store/push-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { aCommand, aMessage } from '../../builders/device-builders.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const url = 'http://127.0.0.1:9/told';
const at = toBasicTime(builtAt);

/** Legacy 9.3: what receivers are told of devices, byte for byte. */
export function describeLegacyPushes(makeStore: MakeStore): void {
  describe('legacy pushes', () => {
    const fixture = useStore(makeStore);

    const subscribe = async (...types: readonly NotifyType[]): Promise<void> => {
      for (const notifyType of types) await fixture().given.subscription(fixture().scope, { notifyType, url });
    };

    /** The texts of all that waits, in the order in which it goes out, without what varies. */
    const told = async (): Promise<readonly string[]> => {
      const { outbox } = fixture().store;
      const all: OutboxItem[] = [];
      const [now, leaseUntil] = [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
      for (;;) {
        const items = await outbox.claim(now, { limit: 100, leaseUntil });
        if (items.length === 0) break;
        all.push(...items);
        await outbox.finish(
          items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
          now,
        );
      }
      return all
        .toSorted((a, b) => a.no - b.no)
        .map(({ payload }) =>
          JSON.stringify(payload)
            .replace(
              /,"requestId":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}","deviceId"/,
              ',"requestId":"UUID","deviceId"',
            )
            .replace(/"timestamp":"\d{8}T\d{6}Z"/, '"timestamp":"TIME"'),
        );
    };

    const apply = (...effects: Parameters<ReturnType<typeof fixture>['store']['effects']['apply']>[1]) =>
      fixture().store.effects.apply(fixture().scope.projectId, effects);

    /** A product with every trait. */
    const product = () =>
      fixture().given.product(fixture().scope, {
        ...{ name: 'Press', model: 'P1', deviceType: 'Machine', protocolType: 'MQTT' },
        ...{ manufacturerName: 'Works', manufacturerId: 'w-1' },
        capabilities: [{ service_id: 'Motor', service_type: 'Drive' }],
      });
    const info = (nodeId: string, rest: string, secure = 'FALSE') =>
      `{"nodeId":"${nodeId}","manufacturerId":"w-1","manufacturerName":"Works","deviceType":"Machine","model":"P1",` +
      `"protocolType":"MQTT",${rest},"mute":"FALSE","supportedSecurity":"TRUE","isSecurity":"${secure}"}`;

    it('tell of devices that come, connect for the first time, change and go', async () => {
      const { store, given, scope } = fixture();
      await subscribe('deviceAdded', 'bindDevice', 'deviceInfoChanged', 'deviceDeleted');
      const { deviceId, nodeId } = await given.device(scope, { product: await product() });
      const inactive = info(nodeId, '"status":"INACTIVE","statusDetail":"NOT_ACTIVE"');
      const online = info(nodeId, '"status":"ONLINE","statusDetail":"NONE"');
      const place = `"deviceId":"${deviceId}","gatewayId":"${deviceId}"`;
      const changed = (text: string) => `{"notifyType":"deviceInfoChanged",${place},"deviceInfo":${text}}`;
      expect(await told()).toEqual([
        `{"notifyType":"deviceAdded",${place},"nodeType":"GATEWAY","deviceInfo":${inactive}}`,
      ]);

      await given.connect(deviceId);
      expect(await told()).toEqual([
        `{"notifyType":"bindDevice","deviceId":"${deviceId}","resultCode":"succeeded","deviceInfo":${online}}`,
        changed(online),
      ]);

      await store.devices.update(scope.projectId, deviceId, { name: 'West' });
      expect(await told()).toEqual([changed(online.replace(`"${nodeId}",`, `"${nodeId}","name":"West",`))]);
      await apply({ kind: 'freezeDevice', deviceId });
      const frozen = online.replace('"ONLINE","statusDetail":"NONE"', '"OFFLINE","statusDetail":"NOT_ACTIVE"');
      expect(await told()).toEqual([changed(frozen.replace(`"${nodeId}",`, `"${nodeId}","name":"West",`))]);
      await store.devices.delete(scope.projectId, deviceId, builtAt);
      expect(await told()).toEqual([`{"notifyType":"deviceDeleted",${place}}`]);
    });

    it('tell of devices that never connected in their time', async () => {
      const { store, given, scope } = fixture();
      await subscribe('bindDevice', 'deviceDeleted');
      const auth = { authType: 'SECRET', secret: 'a-secret-of-it', secureAccess: true, timeoutSeconds: 60 } as const;
      const legacy = { location: 'west', mute: true, manufacturerName: 'of no product' };
      const lapsed = await given.device(scope, { product: await product(), auth, legacy });
      const early = await given.device(scope, { product: await product(), auth });
      await store.devices.delete(scope.projectId, early.deviceId, builtAt + 59_000);
      await store.devices.delete(scope.projectId, lapsed.deviceId, builtAt + 60_000);
      const gone = (id: string) => `{"notifyType":"deviceDeleted","deviceId":"${id}","gatewayId":"${id}"}`;
      const words = info(lapsed.nodeId, '"status":"INACTIVE","statusDetail":"NOT_ACTIVE"', 'TRUE');
      const inactive = words
        .replace('"deviceType"', '"location":"west","deviceType"')
        .replace('"mute":"FALSE"', '"mute":"TRUE"');
      expect(await told()).toEqual([
        gone(early.deviceId),
        `{"notifyType":"bindDevice","deviceId":"${lapsed.deviceId}","resultCode":"expired","deviceInfo":${inactive}}`,
        gone(lapsed.deviceId),
      ]);
    });

    it('tell of what devices report, service by service and report by report', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope, { product: await product(), online: true });
      const child = await given.device(scope, { product: await product(), parent: gateway });
      await subscribe('deviceDataChanged', 'deviceDatasChanged');
      const services = [
        { serviceId: 'Motor', properties: { speed: 3, deep: { a: [1] } }, at: builtAt },
        { serviceId: 'Other', properties: {}, at: builtAt },
      ];
      const reports = [{ deviceId: child.deviceId, services }];
      await store.devices.reportProperties([], { projectId: scope.projectId, reports });
      const head = `"requestId":"UUID","deviceId":"${child.deviceId}","gatewayId":"${gateway.deviceId}"`;
      const motor = `{"serviceId":"Motor","serviceType":"Drive","data":{"speed":3,"deep":{"a":[1]}},"eventTime":"${at}"}`;
      const other = `{"serviceId":"Other","serviceType":"Other","data":{},"eventTime":"${at}"}`;
      expect(await told()).toEqual([
        `{"notifyType":"deviceDataChanged",${head},"service":${motor}}`,
        `{"notifyType":"deviceDataChanged",${head},"service":${other}}`,
        `{"notifyType":"deviceDatasChanged",${head},"services":[${motor},${other}]}`,
      ]);
    });

    it('tell how far commands have come and what devices answered', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope, { product: await product(), online: true });
      await subscribe('messageConfirm', 'commandRsp');
      const words = { serviceId: 'Motor', commandName: 'start', paras: {} };
      const request = { ...words, strategy: 'delay', cacheSeconds: 60 } as const;
      const command = aCommand({ deviceId, request });
      await apply({ kind: 'insertCommand', command, answerMs: 20_000 });
      const { commandId } = command;
      const address = `"requestId":"${commandId}","from":"/devices/${deviceId}/services/Motor","to":"${scope.appId}"`;
      const confirm = (status: string, body: string) =>
        `{"notifyType":"messageConfirm","header":{${address},"status":"${status}","timestamp":"TIME"},"body":${body}}`;
      expect(await told()).toEqual([confirm('sent', '{}')]);
      const result = { result_code: 0, response_name: 'r', paras: { ok: true } };
      const end = { kind: 'settleCommand', deviceId, commandId, status: 'SUCCESSFUL', answerMs: 20_000 } as const;
      await apply({ ...end, result, at: builtAt });
      expect(await told()).toEqual([
        confirm('executed', JSON.stringify(result)),
        `{"notifyType":"commandRsp","header":{${address},"deviceId":"${deviceId}","serviceType":"Drive","method":"start"},` +
          '"body":{"ok":true}}',
      ]);
    });

    it('tell of messages that devices have received', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      await subscribe('messageConfirm');
      const message = aMessage({ deviceId });
      await apply({ kind: 'insertMessage', message });
      const { messageId } = message;
      await apply({ kind: 'settleMessage', deviceId, messageId, status: 'DELIVERED', at: builtAt });
      expect(await told()).toEqual([
        `{"notifyType":"messageConfirm","header":{"requestId":"${messageId}","from":"/devices/${deviceId}","to":"${scope.appId}",` +
          '"status":"delivered","timestamp":"TIME"},"body":{}}',
      ]);
    });

    it('tell of products that come and go', async () => {
      const { store, scope } = fixture();
      await subscribe('deviceModelAdded', 'deviceModelDeleted');
      const { productId, appId } = await product();
      await store.products.update({ ...scope, productId }, { description: 'new' });
      await store.products.delete({ ...scope, productId });
      const body = (type: string) =>
        `{"notifyType":"${type}","appId":"${appId}","deviceType":"Machine","manufacturerName":"Works",` +
        '"manufacturerId":"w-1","model":"P1","protocolType":"MQTT"}';
      expect(await told()).toEqual([body('deviceModelAdded'), body('deviceModelDeleted')]);
    });

    it('go to the application of the device alone, and only of what it asked for', async () => {
      const { given, scope, other, store } = fixture();
      const second = { ...scope, appId: (await given.app(scope)).appId };
      for (const notifyType of deviceNotifyTypes) await given.subscription(second, { notifyType, url });
      for (const notifyType of deviceNotifyTypes) await given.subscription(other, { notifyType, url });
      await subscribe('deviceDeleted', 'ruleEvent');
      await given.device(scope, { online: true });
      expect(await store.outbox.size()).toBe(0);
      const { deviceId } = await given.device(second);
      expect(await told()).toEqual([
        expect.stringMatching(/^\{"notifyType":"deviceModelAdded"/),
        expect.stringContaining(`{"notifyType":"deviceAdded","deviceId":"${deviceId}"`),
      ]);
    });
  });
}
