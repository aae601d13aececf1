import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import type { RawClient } from '../fixture/raw-client.ts';
import { acknowledge, type ApiAnswer, type DeviceApi, ownTopic, payloadOf, startDeviceApi } from './device-api.ts';

const body = { service_id: 'Motor', command_name: 'start', paras: { speed: 3 } };

const post = (api: DeviceApi, deviceId: DeviceId, over: JsonObject = {}): Promise<ApiAnswer> =>
  api.http('POST', `${deviceId}/async-commands`, { ...body, ...over });

const show = async (api: DeviceApi, deviceId: DeviceId, commandId: unknown) =>
  (await api.http('GET', `${deviceId}/async-commands/${String(commandId)}`)).body;

async function created(api: DeviceApi, deviceId: DeviceId, over: JsonObject = {}): Promise<string> {
  const { status, body: made } = await post(api, deviceId, over);
  expect(status).toBe(200);
  return String(made['command_id']);
}

async function nextCommand(client: RawClient) {
  const packet = await client.nextOf('publish');
  const [, requestId = ''] = /commands\/request_id=(.*)$/.exec(packet.topic) ?? [];
  return { packet, requestId };
}

/** Acknowledged: it has taken its effect. */
async function answer(client: RawClient, deviceId: DeviceId, requestId: string, payload = '{}'): Promise<void> {
  const topic = ownTopic(deviceId, `sys/commands/response/request_id=${requestId}`);
  client.publish({ topic, payload, qos: 1, messageId: 1 });
  await client.nextOf('puback');
}

/** Without an acknowledgement, which what follows from the answer may overtake. */
function reply(client: RawClient, deviceId: DeviceId, requestId: string): void {
  client.publish({ topic: ownTopic(deviceId, `sys/commands/response/request_id=${requestId}`), payload: '{}', qos: 0 });
}

/** Moves time, and takes the look that is due then. */
async function pass(api: DeviceApi, ms: number): Promise<void> {
  api.commandUpkeep.start();
  await api.clock.advance(ms);
}

describe('an asynchronous command', () => {
  it('[device 32] waits for its device, is SENT when that connects, and SUCCESSFUL with its answer', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const { status, body: made } = await post(api, deviceId, { expire_time: 60 });
    const createdAt = api.clock.now();
    expect(status).toBe(200);
    expect(made).toEqual({
      ...{ ...body, device_id: deviceId, command_id: expect.any(String), expire_time: 60, status: 'PENDING' },
      ...{ created_time: toBasicTime(createdAt), send_strategy: 'delay' },
    });
    const commandId = String(made['command_id']);
    const client = await api.connect(deviceId);
    const { packet, requestId } = await nextCommand(client);
    expect(requestId).toBe(commandId);
    expect(packet).toMatchObject({ topic: ownTopic(deviceId, `sys/commands/request_id=${commandId}`), qos: 0 });
    expect(payloadOf(packet)).toEqual({ object_device_id: deviceId, ...body });
    const sent = { ...made, status: 'SENT', sent_time: toBasicTime(api.clock.now()) };
    expect(await show(api, deviceId, commandId)).toEqual(sent);
    await answer(client, deviceId, commandId, '{"response_name":"ok","paras":{"rpm":7}}');
    expect(await show(api, deviceId, commandId)).toEqual({
      ...sent,
      ...{ status: 'SUCCESSFUL', result: { response_name: 'ok', paras: { rpm: 7 } } },
      response_time: toBasicTime(api.clock.now()),
    });
  });

  it('[device 32] is sent at once to a device that is there, and FAILED where that says so', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const { body: made } = await post(api, deviceId);
    expect(made).toMatchObject({ status: 'SENT', expire_time: 86_400 });
    const { requestId } = await nextCommand(client);
    await answer(client, deviceId, requestId, '{"result_code":7}');
    expect(await show(api, deviceId, requestId)).toMatchObject({ status: 'FAILED', result: { result_code: 7 } });
  });

  it('[device 32] is TIMEOUT after twenty seconds without an answer, is not sent again, and a late answer changes nothing', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    const commandId = await created(api, deviceId);
    await nextCommand(client);
    await pass(api, 19_000);
    expect((await show(api, deviceId, commandId))['status']).toBe('SENT');
    await pass(api, 2000);
    await api.commandIs(deviceId, commandId, 'TIMEOUT');
    await answer(client, deviceId, commandId);
    expect(await show(api, deviceId, commandId)).toMatchObject({ status: 'TIMEOUT' });
    expect(api.dropped).toEqual(['unknown-request']);
    await api.disconnect(client, deviceId);
    const next = await api.connect(deviceId);
    next.send({ cmd: 'pingreq' });
    expect(await next.next()).toMatchObject({ cmd: 'pingresp' });
  });

  it('[device 32] is EXPIRED when its cache time ends before its device comes', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const commandId = await created(api, deviceId, { expire_time: 5 });
    await pass(api, 6000);
    await api.commandIs(deviceId, commandId, 'EXPIRED');
    const client = await api.connect(deviceId);
    client.send({ cmd: 'pingreq' });
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' });
  });

  it('[device 32] is DELIVERED with its PUBACK before it is SUCCESSFUL, with QoS 1', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId, { [ownTopic(deviceId, 'sys/commands/#')]: 1 });
    const commandId = await created(api, deviceId);
    const { packet } = await nextCommand(client);
    expect(packet.qos).toBe(1);
    acknowledge(client, packet.messageId);
    await api.commandIs(deviceId, commandId, 'DELIVERED');
    const delivered = { status: 'DELIVERED', delivered_time: toBasicTime(api.clock.now()) };
    expect(await show(api, deviceId, commandId)).toMatchObject(delivered);
    for (const list of ['async-commands', 'async-commands-history']) {
      const { body: page } = await api.http('GET', `${deviceId}/${list}`);
      expect(page['commands']).toMatchObject([{ command_id: commandId, ...delivered }]);
    }
    await answer(client, deviceId, commandId);
    expect(await show(api, deviceId, commandId)).toMatchObject({ ...delivered, status: 'SUCCESSFUL' });
  });

  it('[device 33] is refused as the 21st that waits, and at once where it must not wait', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    for (let n = 0; n < 20; n++) await created(api, deviceId);
    const full = await post(api, deviceId);
    expect([full.status, full.body['error_code']]).toEqual([403, 'IOTDA.014132']);
    const hasty = await post(api, deviceId, { send_strategy: 'immediately' });
    expect([hasty.status, hasty.body['error_code']]).toEqual([403, 'IOTDA.014016']);
    expect((await api.http('GET', `${deviceId}/async-commands`)).body['page']).toMatchObject({ count: 20 });
  });

  it('leaves after the end of the one before, the oldest first, whatever that end', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const commands = [];
    for (let n = 0; n < 3; n++) commands.push(await created(api, deviceId));
    const client = await api.connect(deviceId);
    expect((await nextCommand(client)).requestId).toBe(commands[0]);
    reply(client, deviceId, String(commands[0]));
    expect((await nextCommand(client)).requestId).toBe(commands[1]);
    await pass(api, 21_000);
    expect((await nextCommand(client)).requestId).toBe(commands[2]);
    await api.commandIs(deviceId, commands[1], 'TIMEOUT');
  });

  it('that must not wait passes the queue', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const client = await api.connect(deviceId);
    await created(api, deviceId);
    await created(api, deviceId);
    await nextCommand(client);
    const { body: made } = await post(api, deviceId, { send_strategy: 'immediately' });
    expect(made).toMatchObject({ status: 'SENT', send_strategy: 'immediately' });
    expect(made).not.toHaveProperty('expire_time');
    expect((await nextCommand(client)).requestId).toBe(made['command_id']);
  });

  it('takes the answer of the next session, but none of a stranger', async () => {
    const api = await startDeviceApi();
    const [{ deviceId }, { deviceId: stranger }] = [await api.device(), await api.device()];
    const [client, foreign] = [await api.connect(deviceId), await api.connect(stranger)];
    const commandId = await created(api, deviceId);
    await nextCommand(client);
    await answer(foreign, stranger, commandId);
    expect(api.dropped).toEqual(['unknown-request']);
    await api.disconnect(client, deviceId);
    await answer(await api.connect(deviceId), deviceId, commandId);
    expect((await show(api, deviceId, commandId))['status']).toBe('SUCCESSFUL');
  });

  it('waits again when its device is gone before it was written', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    // The delivery delay is not over: it is held, and then there is nobody to take it.
    const client = await api.signIn(deviceId);
    const commandId = await created(api, deviceId);
    await api.disconnect(client, deviceId);
    await api.commandIs(deviceId, commandId, 'PENDING');
    const next = await api.connect(deviceId);
    expect((await nextCommand(next)).requestId).toBe(commandId);
  });

  it('for a child goes through its gateway, and is answered there', async () => {
    const api = await startDeviceApi();
    const gateway = await api.device();
    const { deviceId } = await api.device({ parent: gateway, online: true });
    const commandId = await created(api, deviceId);
    const client = await api.connect(gateway.deviceId);
    const { packet, requestId } = await nextCommand(client);
    expect(requestId).toBe(commandId);
    expect(packet.topic).toBe(ownTopic(gateway.deviceId, `sys/commands/request_id=${commandId}`));
    expect(payloadOf(packet)['object_device_id']).toBe(deviceId);
    await answer(client, gateway.deviceId, commandId);
    expect((await show(api, deviceId, commandId))['status']).toBe('SUCCESSFUL');
  });

  it('goes on where a server that was killed has left it', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const [first, second] = [await created(api, deviceId), await created(api, deviceId, { expire_time: 3600 })];
    // Marked as sent, and the process was gone before a byte had left.
    await api.given.connect(deviceId, api.clock.now());
    await api.store.commands.claim([deviceId], { now: api.clock.now(), answerMs: 20_000 });
    await api.store.sessions.detachNode('node-1', api.clock.now());
    await pass(api, 21_000);
    await api.commandIs(deviceId, first, 'TIMEOUT');
    expect((await show(api, deviceId, second))['status']).toBe('PENDING');
    const client = await api.connect(deviceId);
    expect((await nextCommand(client)).requestId).toBe(second);
  });

  it('is refused with 014114 where the operator has switched it off', async () => {
    const api = await startDeviceApi({ settings: { asyncCommands: false } });
    const { deviceId } = await api.device();
    const { status, body: said } = await post(api, deviceId);
    expect([status, said['error_code']]).toEqual([403, 'IOTDA.014114']);
  });

  it.each([
    ['service_id', 'x'.repeat(65), '000006'],
    ['command_name', 7, '000006'],
    ['paras', undefined, '000006'],
    ['paras', [1], '000006'],
    ['paras', { a: 'x'.repeat(32 * 1024) }, '014134'],
    ['expire_time', -1, '000006'],
    ['expire_time', 172_801, '000006'],
    ['expire_time', 1.5, '000006'],
    ['expire_time', '60', '000006'],
    ['send_strategy', 'later', '000006'],
    ['max_retransmit', 4, '000006'],
    ['max_retransmit', -1, '000006'],
    ['callback_url', 'ftp://receiver.example/', '000006'],
    ['callback_url', `http://receiver.example/${'x'.repeat(1001)}`, '000006'],
  ])('with %s = %o is refused', async (field, value, code) => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const { status, body: said } = await post(api, deviceId, { [field]: value } as JsonObject);
    expect([status, said['error_code']]).toEqual([400, `IOTDA.${code}`]);
    if (code === '000006') expect(said['error_msg']).toContain(field);
  });

  it('takes every field at its limit', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const paras = { a: 'x'.repeat(32 * 1024 - '{"a":""}'.length) };
    await created(api, deviceId, { service_id: '😀'.repeat(64), command_name: '😀'.repeat(128), paras });
    await created(api, deviceId, { expire_time: 172_800, send_strategy: null });
    const callback_url = `http://receiver.example/${'x'.repeat(1000)}`;
    await created(api, deviceId, { max_retransmit: 3, callback_url });
    const { body: made } = await post(api, deviceId, { expire_time: 0 });
    expect(made['expire_time']).toBe(86_400);
  });

  it('is unknown under another id, another device, and to a device that does not exist', async () => {
    const api = await startDeviceApi();
    const [{ deviceId }, { deviceId: other }] = [await api.device(), await api.device()];
    const commandId = await created(api, deviceId);
    for (const [device, command, code] of [
      [deviceId, 'none', '014130'],
      [other, commandId, '014130'],
      ['nobody', commandId, '014000'],
    ]) {
      const { status, body: said } = await api.http('GET', `${device}/async-commands/${command}`);
      expect([status, said['error_code']]).toEqual([404, `IOTDA.${code}`]);
    }
    expect((await api.http('POST', 'nobody/async-commands', body)).body['error_code']).toBe('IOTDA.014000');
    for (const list of ['async-commands', 'async-commands-history']) {
      expect((await api.http('GET', `nobody/${list}`)).body['error_code']).toBe('IOTDA.014000');
    }
  });
});

describe('the lists of asynchronous commands', () => {
  async function history(api: DeviceApi, path: string) {
    const { status, body: page } = await api.http('GET', path);
    return { status, page: page['page'], code: page['error_code'], commands: (page['commands'] ?? []) as JsonObject[] };
  }

  it('show what is under way and what is over, in pages, without what they carry', async () => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    const names = ['a', 'b', 'a', 'b'];
    for (const name of names) {
      await created(api, deviceId, { command_name: name, expire_time: 5 });
      await api.clock.advance(1000);
    }
    const current = await history(api, `${deviceId}/async-commands?limit=3`);
    expect(current.page).toMatchObject({ count: 4 });
    expect(current.commands.map((command) => command['command_name'])).toEqual(['b', 'a', 'b']);
    expect(current.commands[0]).not.toHaveProperty('paras');
    expect((await history(api, `${deviceId}/async-commands?command_name=a&status=PENDING`)).commands).toHaveLength(2);
    expect((await history(api, `${deviceId}/async-commands?status=SENT`)).commands).toEqual([]);
    const times = current.commands.map((command) => String(command['created_time']));
    const between = `start_time=${times[2]}&end_time=${times[1]}`;
    expect((await history(api, `${deviceId}/async-commands?${between}`)).commands).toHaveLength(2);
    await pass(api, 10_000);
    await api.until(async () => (await history(api, `${deviceId}/async-commands-history`)).commands.length === 4);
    const past = await history(api, `${deviceId}/async-commands-history?limit=2&status=EXPIRED`);
    expect(past.page).toEqual({ marker: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const { marker } = past.page as { marker: string };
    expect((await history(api, `${deviceId}/async-commands-history?marker=${marker}`)).commands).toHaveLength(2);
    expect((await history(api, `${deviceId}/async-commands`)).commands).toEqual([]);
    const count = async (query: string) =>
      (await api.http('POST', `${deviceId}/async-commands-history/count${query}`)).body;
    expect(await count('')).toEqual({ count: 4 });
    expect(await count('?command_name=a')).toEqual({ count: 2 });
    expect(await count(`?${between}`)).toEqual({ count: 2 });
  });

  it.each([
    ['status=TIMEOUT', '000006'],
    ['start_time=yesterday', '000009'],
    ['start_time=20260102T000000Z&end_time=20260101T000000Z', '000010'],
    ['limit=51', '000017'],
    ['marker=x', '000018'],
  ])('refuse %s', async (query, code) => {
    const api = await startDeviceApi();
    const { deviceId } = await api.device();
    expect(await history(api, `${deviceId}/async-commands?${query}`)).toMatchObject({
      ...{ status: 400, code: `IOTDA.${code}` },
    });
  });
});
