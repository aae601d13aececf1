import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createV5Client } from '../../src/v5/client.ts';
import type { TaskStatus } from '../../src/v5/wait-for-task.ts';
import { collect } from '../collect.ts';
import { type Answer, type HttpFixture, sendJson, startHttp } from '../http-fixture.ts';

let server: HttpFixture;
afterEach(() => server.close());

async function clientOver(answer: Answer) {
  server = await startHttp(answer);
  return createV5Client({ endpoint: server.endpoint, projectId: 'p', credentials: { kind: 'token', token: 't' } });
}

function open(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
}

function frame(revision: number, status: TaskStatus, event = 'progress'): string {
  return `id: ${revision}\nevent: ${event}\ndata: ${JSON.stringify({ task_id: 't1', revision, status })}\n\n`;
}

const isStream = (url: string): boolean => url.endsWith('/events');
const unknownRoute = { error_code: 'IOTDA.000029', error_msg: 'The URL or method does not exist.' };

describe('task events', () => {
  it('come until the end frame', async () => {
    const client = await clientOver((_, response) => {
      open(response);
      response.write(`${frame(1, 'Processing')}: ping\n\n`);
      response.write(frame(2, 'Success', 'end'));
      response.end();
    });
    const seen = await collect(client.batchTasks.events('t1'));
    expect(seen.map((one) => [one.revision, one.status])).toEqual([
      [1, 'Processing'],
      [2, 'Success'],
    ]);
    expect(server.seen[0]).toMatchObject({ url: '/v5/iot/p/batchtasks/t1/events' });
    expect(server.seen[0]?.headers.accept).toBe('text/event-stream');
  });

  it('go on behind the revision seen last when the connection breaks', async () => {
    const client = await clientOver((_, response) => {
      if (server.seen.length === 1) {
        open(response);
        response.write(frame(5, 'Processing'), () => response.destroy());
      } else if (server.seen.length === 2) {
        response.destroy();
      } else {
        open(response);
        response.end(frame(6, 'Fail', 'end'));
      }
    });
    const seen = await collect(client.batchTasks.events('t1', { reconnectMs: 1 }));
    expect(seen.map((one) => one.revision)).toEqual([5, 6]);
    expect(server.seen.map((one) => one.headers['last-event-id'])).toEqual([undefined, '5', '5']);
  });

  it('end without a frame when the final revision is known already', async () => {
    const client = await clientOver((_, response) => void response.writeHead(204).end());
    expect(await collect(client.batchTasks.events('t1', { lastEventId: '9' }))).toEqual([]);
    expect(server.seen[0]?.headers['last-event-id']).toBe('9');
  });

  it('throw what the server refuses', async () => {
    const body = { error_code: 'IOTDA.014550', error_msg: 'The batch task does not exist.' };
    const client = await clientOver((_, response) => sendJson(response, body, 404));
    await expect(collect(client.batchTasks.events('t1'))).rejects.toMatchObject({ code: 'IOTDA.014550' });
  });

  it('close the connection when the reader leaves', async () => {
    const closed = Promise.withResolvers<void>();
    const client = await clientOver(async (_, response) => {
      open(response);
      response.write(frame(1, 'Processing'));
      await once(response, 'close');
      closed.resolve();
    });
    for await (const event of client.batchTasks.events('t1')) {
      expect(event.revision).toBe(1);
      break;
    }
    await closed.promise;
  });

  it('end with the reason of an aborted signal', async () => {
    const client = await clientOver((_, response) => {
      open(response);
      response.write(frame(1, 'Processing'));
    });
    const abort = new AbortController();
    const reason = new Error('enough');
    const reading = async (): Promise<void> => {
      for await (const event of client.batchTasks.events('t1', { signal: abort.signal })) {
        expect(event.revision).toBe(1);
        abort.abort(reason);
      }
    };
    await expect(reading()).rejects.toBe(reason);
  });
});

describe('waitForTask', () => {
  it('reports every snapshot and returns the final task', async () => {
    const client = await clientOver((request, response) => {
      if (!isStream(request.url)) return sendJson(response, { batchtask: { task_id: 't1', status: 'PartialSuccess' } });
      open(response);
      response.end(frame(1, 'Processing') + frame(2, 'PartialSuccess', 'end'));
    });
    const statuses: string[] = [];
    const task = await client.waitForTask('t1', { onProgress: (snapshot) => statuses.push(snapshot.status) });
    expect(task).toEqual({ task_id: 't1', status: 'PartialSuccess' });
    expect(statuses).toEqual(['Processing', 'PartialSuccess']);
  });

  it('polls a server that has no event stream', async () => {
    const answers = ['Waitting', 'Processing', 'Success'];
    const client = await clientOver((request, response) => {
      if (isStream(request.url)) return sendJson(response, unknownRoute, 404);
      sendJson(response, { batchtask: { task_id: 't1', status: answers.shift() } });
    });
    const statuses: string[] = [];
    const wait = { pollMs: 1, onProgress: (snapshot: { status: string }) => statuses.push(snapshot.status) };
    expect((await client.waitForTask('t1', wait)).status).toBe('Success');
    expect(statuses).toEqual(['Waitting', 'Processing', 'Success']);
  });
});
