import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import type { TaskTypeName } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { Decider } from '../../../src/ports/store/subtask-store.ts';
import { taskTypes } from '../../../src/task-types/index.ts';
import { allDone, chunkOptions } from '../../builders/task-builders.ts';
import { usePushFixture } from './push-fixture.ts';

const fixture = usePushFixture();
const targets = ['first', 'second'].map((id) => asId<DeviceId>(id));
const failed: Verdict = { kind: 'failed', cause: causeOf('deviceNotFound'), final: true };
const done: Verdict = { kind: 'done', output: {} };
const decide = (...verdicts: readonly Verdict[]): Decider => ({
  ...allDone,
  start: (runs) => runs.map((_run, index) => verdicts[index % verdicts.length] ?? done),
});
const counts = (success: number, fail: number, stopped: number) =>
  `${success} succeeded, ${fail} failed, ${stopped} stopped, 0 removed`;
const cause = '; most frequent: IOTDA.014000 The device does not exist.';

/** Every final status, and how a task of two targets comes to it. */
const endings = [
  { ending: 'Success', decider: decide(done), desc: '' },
  { ending: 'PartialSuccess', decider: decide(done, failed), desc: counts(1, 1, 0) + cause },
  { ending: 'Fail', decider: decide(failed), desc: counts(0, 2, 0) + cause },
  { ending: 'Stopped', decider: undefined, desc: counts(0, 0, 2) },
] as const;

const cases = (Object.keys(taskTypes) as TaskTypeName[]).flatMap((type) => endings.map((one) => ({ type, ...one })));

describe('the body of batchtask:update', () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        bodies.push(body);
        response.end();
      },
      () => response.destroy(),
    );
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each(cases)('is byte for byte as documented: $type, $ending', async ({ type, ending, decider, desc }) => {
    const { given, scope, store, action, worker } = fixture();
    bodies.length = 0;
    await action({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    const task = await given.task(scope, { type, source: { kind: 'devices', deviceIds: targets } });
    const { taskNo, taskId } = task;
    await store.subtasks.expand(taskNo, { now: chunkOptions.now, limit: 10 });
    if (decider === undefined) {
      const stop = { kind: 'stop', taskNo, targets: undefined, longRunning: true } as const;
      await store.subtasks.command(stop, chunkOptions, allDone);
      while (
        !(await store.subtasks.sweep(taskNo, { options: chunkOptions, decider: allDone, longRunning: true })).done
      );
    } else {
      await store.subtasks.dispatch(taskNo, chunkOptions, decider);
    }
    worker().start();
    await expect.poll(() => store.outbox.size(), { interval: 5, timeout: 25_000 }).toBe(0);
    const body = (status: string, statusDesc: string) =>
      '{"resource":"batchtask","event":"update","event_time":"TIME","event_time_ms":"MILLIS","request_id":"UUID",' +
      `"notify_data":{"body":{"app_id":"${scope.appId}","task_id":"${taskId}","task_type":"${type}","status":"${status}",` +
      `"status_desc":"${statusDesc}"}}}`;
    const passed = ending === 'Stopped' ? ['Waitting'] : ['Waitting', 'Processing'];
    expect(bodies.map(withoutVarying)).toEqual([...passed.map((status) => body(status, '')), body(ending, desc)]);
  });
});

/** Checks the form of what differs from event to event. */
const withoutVarying = (body: string): string =>
  body
    .replace(/"event_time":"\d{8}T\d{6}Z"/, '"event_time":"TIME"')
    .replace(/"event_time_ms":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"event_time_ms":"MILLIS"')
    .replace(/"request_id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"/, '"request_id":"UUID"');
