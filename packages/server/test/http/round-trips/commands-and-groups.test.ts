import { schemaNode } from '@muster/contract';
import { CreateDeviceCommandRequest, CreateDeviceGroupRequest, DeviceCommand } from '@muster/contract/legacy';
import { AsyncCommand, AsyncCommandItem, CreateAsyncCommandResponse } from '@muster/contract/v5';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeFault } from '../../../../../scripts/conformance/shape.ts';
import { type AsyncCommandStatus, currentCommandStatuses } from '../../../src/domain/async-command.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { parseBasicTime } from '../../../src/domain/time.ts';
import { encodeCommand as encodeLegacy } from '../../../src/http/legacy/commands/encode.ts';
import { encodeCommand, encodeCommandItem, encodeNewCommand } from '../../../src/http/v5/async-commands/encode.ts';
import { aCommand } from '../../builders/device-builders.ts';
import { type LegacyApi, startLegacyApi } from '../legacy/legacy-api.ts';
import { loosely } from './loosely.ts';
import { free, maybe, moment, word } from './stored-tasks.ts';

type Json = Readonly<Record<string, unknown>>;

const runs = { numRuns: 60 };
const coins = fc.infiniteStream(fc.boolean()).map((stream) => () => stream.next().value === true);
const commandsPath = '/iocm/app/cmd/v1.4.0/deviceCommands';
const groupsPath = '/iocm/app/devgroup/v1.3.0/devGroups';

async function made({ client }: LegacyApi, method: string, path: string, body?: unknown): Promise<Json> {
  const { status, json, text } = await client.ask(method, path, body === undefined ? {} : { body });
  expect(status, text).toBeLessThan(300);
  return json as Json;
}

const statuses: readonly AsyncCommandStatus[] = [
  ...currentCommandStatuses,
  ...(['EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT'] as const),
];

const storedCommand = fc
  .record({
    request: fc.record(
      {
        ...{ serviceId: word, commandName: word, paras: free, callbackUrl: word, maxRetransmit: fc.nat(3) },
        ...{ strategy: fc.constantFrom('delay' as const, 'immediately' as const), cacheSeconds: fc.nat(172_800) },
      },
      { requiredKeys: ['paras', 'strategy', 'cacheSeconds'] },
    ),
    ...{ status: fc.constantFrom(...statuses), result: maybe(free), canceled: fc.boolean(), issued: fc.nat(4) },
    ...{ createdAt: moment, sentAt: maybe(moment), deliveredAt: maybe(moment), respondedAt: maybe(moment) },
  })
  .map(({ status, canceled, ...rest }) => ({
    ...aCommand({ deviceId: asId<DeviceId>('press'), request: rest.request, createdAt: rest.createdAt }),
    ...{ ...rest, status, canceled: canceled && status === 'EXPIRED' },
  }));

describe('Any command that is stored', () => {
  it('has the shape of the contract in both generations, and the same times', () => {
    const property = fc.property(storedCommand, (command) => {
      const [legacy, v5] = [encodeLegacy(command, 'app'), encodeCommand(command)];
      const shapes = [
        [DeviceCommand, legacy],
        [AsyncCommand, v5],
        [AsyncCommandItem, encodeCommandItem(command)],
        [CreateAsyncCommandResponse, encodeNewCommand(command)],
      ] as const;
      for (const [schema, shown] of shapes) {
        expect(shapeFault(schema, JSON.parse(JSON.stringify(shown))), JSON.stringify(shown)).toBeUndefined();
      }
      expect([legacy.creationTime, legacy.platformIssuedTime, legacy.deliveredTime, legacy.executeTime]).toEqual([
        ...[v5.created_time, v5.sent_time ?? null, v5.delivered_time ?? null, v5.response_time ?? null],
      ]);
      expect(parseBasicTime(v5.created_time)).toBe(command.createdAt - (command.createdAt % 1000));
      expect(legacy.status).toBe(command.canceled ? 'CANCELED' : v5.status);
      const isUnderWay = (currentCommandStatuses as readonly string[]).includes(v5.status);
      expect(legacy.result?.resultCode).toBe(isUnderWay ? undefined : legacy.status);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('A command that a legacy client makes', () => {
  it('is shown as it was sent, however loosely, with what goes without saying', { timeout: 120_000 }, async () => {
    const api = await startLegacyApi();
    const { deviceId } = await api.given.device(api.scope);
    const command = fc.record(
      { serviceId: word, method: word, paras: free },
      { requiredKeys: ['serviceId', 'method'] },
    );
    const asked = fc.record(
      {
        ...{ command, callbackUrl: fc.constant('https://muster.test/heard'), maxRetransmit: fc.nat(3) },
        expireTime: fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constant(172_800)),
      },
      { requiredKeys: ['command'] },
    );
    const property = fc.asyncProperty(asked, coins, async (sent, coin) => {
      const body = loosely(schemaNode(CreateDeviceCommandRequest), { deviceId, ...sent }, coin);
      const shown = await made(api, 'POST', commandsPath, body);
      expect(shown).toMatchObject({ deviceId, appId: api.appId, status: 'PENDING', result: null, issuedTimes: 0 });
      const { command: own, ...rest } = sent;
      expect(shown).toMatchObject({ callbackUrl: null, expireTime: 172_800, maxRetransmit: 0, ...rest });
      expect(shown['command']).toEqual({ paras: {}, ...own });
      const { data } = (await made(api, 'GET', `${commandsPath}?deviceId=${deviceId}&pageSize=1`)) as { data: Json[] };
      expect(data).toEqual([shown]);
      const path = `/devices/${deviceId}/async-commands/${String(shown['commandId'])}`;
      expect((await api.ofProject('GET', path)).json).toMatchObject({
        ...{ service_id: own.serviceId, command_name: own.method, paras: own.paras ?? {} },
        ...{ expire_time: shown['expireTime'], send_strategy: 'delay', status: 'PENDING' },
      });
      // A device has room for twenty.
      await made(api, 'PUT', `${commandsPath}/${String(shown['commandId'])}`, { status: 'CANCELED' });
    });
    await fc.assert(property, runs);
  });
});

describe('A group that a legacy client makes', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019_'), minLength: 1, maxLength: 20 });

  it('is shown as it was sent, however loosely, with what goes without saying', { timeout: 120_000 }, async () => {
    const api = await startLegacyApi();
    const devices = await api.given.devices(api.scope, 3);
    const asked = fc.record(
      {
        ...{ name, description: name, maxDevNum: fc.constantFrom(0, 3, 2 ** 31 - 1) },
        deviceIds: fc.subarray([...devices], { minLength: 1 }),
      },
      { requiredKeys: ['name'] },
    );
    const property = fc.asyncProperty(asked, coins, async ({ deviceIds = [], ...sent }, coin) => {
      const members = deviceIds.length === 0 && coin() ? {} : { deviceIds };
      const body = loosely(schemaNode(CreateDeviceGroupRequest), { ...sent, ...members }, coin);
      const shown = await made(api, 'POST', groupsPath, body);
      const { id } = shown;
      expect(shown).toEqual({
        ...{ id, description: null, maxDevNum: 0, ...sent },
        ...{ appId: api.appId, creator: api.appId, curDevNum: deviceIds.length },
      });
      expect(await made(api, 'GET', `${groupsPath}/${String(id)}`)).toEqual(shown);
      const { maxDevNum: _own, ...shared } = sent;
      expect((await api.ofProject('GET', `/device-group/${String(id)}`)).json).toEqual({
        ...{ group_id: id, group_type: 'STATIC', ...shared },
      });
      await made(api, 'DELETE', `${groupsPath}/${String(id)}`);
    });
    await fc.assert(property, runs);
  });
});
