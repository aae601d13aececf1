import { afterEach, describe, expect, it } from 'vitest';
import { createV5Client } from '../../src/v5/client.ts';
import { collect } from '../collect.ts';
import { type HttpFixture, type SeenRequest, sendJson, startHttp } from '../http-fixture.ts';

let server: HttpFixture;
afterEach(() => server.close());

const FIRST = 'ffffffffffffffffffffffff';

/** Pages over numbered records, newest first, as v5 1 says. */
function pageOf(total: number, request: SeenRequest): { records: number[]; marker: string | null; count: number } {
  const query = new URL(request.url, 'http://host').searchParams;
  const marker = query.get('marker') ?? FIRST;
  const limit = Number(query.get('limit') ?? 10);
  const all = Array.from({ length: total }, (_, index) => total - index);
  const id = (record: number): string => record.toString(16).padStart(24, '0');
  const records = all.filter((record) => id(record) < marker).slice(0, limit);
  const last = records.at(-1);
  return { records, marker: last === undefined ? null : id(last), count: total };
}

async function clientOver(total: number) {
  server = await startHttp((request, response) => {
    const { records, marker, count } = pageOf(total, request);
    if (request.url.includes('/rules')) {
      sendJson(response, { rules: records.map((record) => ({ rule_id: `r${record}` })), count, marker });
    } else if (request.url.includes('/batchtasks/')) {
      const task_details = records.map((record) => ({ target: `d${record}` }));
      sendJson(response, { batchtask: {}, task_details, page: { count, marker } });
    } else {
      sendJson(response, { devices: records.map((record) => ({ device_id: `d${record}` })), page: { count, marker } });
    }
  });
  return createV5Client({ endpoint: server.endpoint, projectId: 'p', credentials: { kind: 'token', token: 't' } });
}

describe('listAll', () => {
  it('walks all pages in order and keeps the filters', async () => {
    const client = await clientOver(123);
    const ids: string[] = [];
    for await (const device of client.devices.listAll({ product_id: 'p9' })) ids.push(device.device_id);
    expect(ids).toEqual(Array.from({ length: 123 }, (_, index) => `d${123 - index}`));
    expect(server.seen.every((one) => one.url.includes('product_id=p9') && one.url.includes('limit=50'))).toBe(true);
  });

  it('ends at once on an empty list', async () => {
    const client = await clientOver(0);
    expect(await collect(client.devices.listAll())).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  it('takes the marker from the top level for rules', async () => {
    const client = await clientOver(60);
    const rules = await collect(client.rules.listAll());
    expect(rules).toHaveLength(60);
  });

  it('walks the subtasks of a task by marker in pages of the given size', async () => {
    const client = await clientOver(7);
    const details = await collect(client.batchTasks.listAllDetails('t1', { limit: 3 }));
    expect(details.map((detail) => detail.target)).toEqual(['d7', 'd6', 'd5', 'd4', 'd3', 'd2', 'd1']);
  });

  it('asks for no further page when the reader leaves', async () => {
    const client = await clientOver(123);
    for await (const device of client.devices.listAll()) {
      expect(device.device_id).toBe('d123');
      break;
    }
    expect(server.seen).toHaveLength(1);
  });
});
