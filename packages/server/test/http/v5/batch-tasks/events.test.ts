import { expect, test } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { readFrames } from './event-reader.ts';
import { startTaskApi, type TaskApi, type TaskClient } from './task-api.ts';

async function scheduled(api: TaskApi, client: TaskClient, targets = ['nobody']): Promise<string> {
  const task_policy = { schedule_time: toBasicTime(api.clock.now() + 3_600_000) };
  const { body } = await client.create({ task_name: 'n', task_type: 'freezeDevices', targets, task_policy });
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  return body.task_id;
}

const open = (client: TaskClient, id: string, lastEventId?: string): Promise<Response> =>
  client.request(
    'GET',
    `/${id}/events`,
    lastEventId === undefined ? {} : { headers: { 'Last-Event-ID': lastEventId } },
  );

/** Time moves on until the stream has something to say. */
async function nextWithin(api: TaskApi, frames: ReturnType<typeof readFrames>) {
  const frame = frames.next();
  let arrived = false;
  void frame.finally(() => {
    arrived = true;
  });
  while (!arrived) await api.clock.advance(1000);
  return frame;
}

test('[v5 58] events begin with the snapshot and its id, end with the final state, and are over for who has seen it', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client);
  const response = await open(client, id);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  const frames = readFrames(response);
  const { batchtask } = await client.show(id);
  const first = await frames.next();
  expect(first).toEqual({
    id: String(first?.data?.revision),
    event: 'progress',
    data: {
      task_id: id,
      revision: expect.any(Number),
      status: 'Waitting',
      status_desc: batchtask.status_desc,
      task_progress: batchtask.task_progress,
    },
  });

  await client.command(id, 'stop');
  const seen = [];
  for (let frame = await nextWithin(api, frames); frame !== undefined; frame = await nextWithin(api, frames))
    seen.push(frame);
  const last = seen.at(-1);
  expect(last).toMatchObject({ event: 'end', data: { status: 'Stopped', task_progress: { total: 1, stopped: 1 } } });
  const revisions = [first, ...seen].map((frame) => frame?.data?.revision ?? 0);
  expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  expect(revisions.at(-1)).toBeGreaterThan(revisions[0] ?? 0);

  const again = await open(client, id, last?.id);
  expect(again.status).toBe(204);
  expect(await again.text()).toBe('');
});

test('a final task is shown and ended at once to who has not seen it', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client);
  await client.command(id, 'stop');
  await client.untilFinal(id);
  for (const lastEventId of [undefined, '1', 'nonsense', '999999']) {
    const frames = readFrames(await open(client, id, lastEventId));
    expect(await frames.next()).toMatchObject({ event: 'progress', data: { status: 'Stopped' } });
    expect(await frames.next()).toMatchObject({ event: 'end', data: { status: 'Stopped' } });
    expect(await frames.next()).toBeUndefined();
  }
});

test('who has the current revision waits for the next change', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client, ['a', 'b']);
  const first = readFrames(await open(client, id));
  const { id: current } = (await first.next()) ?? {};
  await first.cancel();
  const frames = readFrames(await open(client, id, current));
  // The stream stands, and says nothing yet.
  expect(await frames.next()).toEqual({ comment: true });
  await client.command(id, 'stop', { targets: ['a'] });
  const change = await nextWithin(api, frames);
  expect(change).toMatchObject({ event: 'progress', data: { task_progress: { waitting: 1, stopped: 1 } } });
  expect(Number(change?.id)).toBeGreaterThan(Number(current));
  await frames.cancel();
});

test('several changes within a second come as one, the newest', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const targets = Array.from({ length: 10 }, (_, index) => `d${index}`);
  const id = await scheduled(api, client, targets);
  const frames = readFrames(await open(client, id));
  await frames.next();
  for (const target of targets.slice(0, 9)) await client.command(id, 'stop', { targets: [target] });
  expect(await nextWithin(api, frames)).toMatchObject({ data: { task_progress: { waitting: 1, stopped: 9 } } });
  await frames.cancel();
});

test('a quiet stream says a word every 15 seconds', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client);
  const frames = readFrames(await open(client, id));
  await frames.next();
  const from = api.clock.now();
  expect(await nextWithin(api, frames)).toEqual({ comment: true });
  expect(api.clock.now() - from).toBeGreaterThanOrEqual(15_000);
  await frames.cancel();
});

test('a stream ends after an hour: whoever comes again proves anew who they are', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { body } = await client.create({
    ...{ task_name: 'n', task_type: 'freezeDevices', targets: ['nobody'] },
    task_policy: { schedule_time: toBasicTime(api.clock.now() + 86_400_000) },
  });
  await client.until(body.task_id, ({ status }) => status === 'Waitting');
  const frames = readFrames(await open(client, body.task_id));
  const from = api.clock.now();
  let last = await frames.next();
  for (let frame = last; frame !== undefined; frame = await nextWithin(api, frames)) last = frame;
  expect(last).not.toMatchObject({ event: 'end' });
  expect(api.clock.now() - from).toBeGreaterThanOrEqual(3_600_000);
});

test('a deleted task ends its stream without a final state', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client);
  const frames = readFrames(await open(client, id));
  await frames.next();
  await client.command(id, 'stop');
  await client.untilFinal(id);
  await client.call('DELETE', `/${id}`);
  expect(await nextWithin(api, frames)).toBeUndefined();
});

test('the stream ends when the server stops', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const id = await scheduled(api, client);
  const frames = readFrames(await open(client, id));
  await frames.next();
  const stopped = api.stop();
  expect(await frames.next()).toBeUndefined();
  await stopped;
});

test('streams are bounded; one that ends makes room for another', async () => {
  const api = await startTaskApi({ eventStreamsMax: 2 });
  const client = await api.client();
  const id = await scheduled(api, client);
  const first = readFrames(await open(client, id));
  const second = readFrames(await open(client, id));
  await Promise.all([first.next(), second.next()]);
  const refused = await open(client, id);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error_code: 'IOTDA.021101' });

  await client.command(id, 'stop');
  while ((await nextWithin(api, first)) !== undefined);
  while ((await nextWithin(api, second)) !== undefined);
  const other = await scheduled(api, client);
  const third = readFrames(await open(client, other));
  expect(await third.next()).toMatchObject({ event: 'progress' });
  await third.cancel();
});

test('a client that leaves is not looked after any more', async () => {
  const api = await startTaskApi({ eventStreamsMax: 1 });
  const client = await api.client();
  const id = await scheduled(api, client);
  const leave = new AbortController();
  const response = await client.request('GET', `/${id}/events`, { signal: leave.signal });
  await readFrames(response).next();
  leave.abort();
  // The server hears of it by the closed connection; until then the only slot is taken.
  let status = 403;
  while (status === 403) {
    const next = await open(client, id);
    status = next.status;
    await next.body?.cancel();
  }
  expect(status).toBe(200);
});
