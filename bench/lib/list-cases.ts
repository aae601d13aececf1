import type { BenchServer } from './bench-server.ts';
import { installation } from './installation.ts';
import { firstAt, type SeededLists, taskId } from './seed-lists.ts';

/** One call, and the bar it is held against. */
export interface ListCase {
  readonly name: string;
  /** `page`: and whatever count comes with it from kept counters. `count`: a count that is not kept, with or without a page. */
  readonly about: 'page' | 'count';
  call(server: BenchServer): Promise<unknown>;
  /** The same page and count in bare SQL. */
  readonly bare?: readonly string[];
}

const { projectId, appId } = installation;
const deepest = 500;

/** The page and the count as whoever writes them by hand would. */
const bareList = (where: string, { limit = 50, offset = 0 } = {}): readonly string[] => [
  `SELECT * FROM devices WHERE project_id = '${projectId}' ${where} ORDER BY record_id DESC LIMIT ${limit} OFFSET ${offset}`,
  bareCount(where),
];
const bareCount = (where: string): string => `SELECT count(*) FROM devices WHERE project_id = '${projectId}' ${where}`;

/** What searches are tried with: the conditions as a client writes them, and as a statement has them. */
const searches: readonly (readonly [conditions: string, where: string])[] = [
  ["product_id = 'bench_1'", "AND product_id = 'bench_1'"],
  ["status = 'ONLINE'", "AND frozen = 0 AND connectivity = 'ONLINE'"],
  ["status = 'FROZEN'", 'AND frozen = 1'],
  ["status != 'ONLINE'", "AND NOT (frozen = 0 AND connectivity = 'ONLINE')"],
  ["fw_version != '1.0'", "AND (fw_version IS NULL OR fw_version <> '1.0')"],
  ["product_id = 'bench' and fw_version = '1.1'", "AND product_id = 'bench' AND fw_version = '1.1'"],
  [
    "product_id = 'bench_1' or status = 'OFFLINE'",
    "AND (product_id = 'bench_1' OR frozen = 0 AND connectivity = 'OFFLINE')",
  ],
  ["product_id = 'bench_1' and fw_version = '9'", "AND product_id = 'bench_1' AND fw_version = '9'"],
  ["node_id like 'bench%'", "AND node_id >= 'bench' AND node_id < 'benci'"],
  ["node_id like 'bench_0000001%'", "AND node_id >= 'bench_0000001' AND node_id < 'bench_0000002'"],
  ["device_name != 'Press-1'", "AND (name IS NULL OR name <> 'Press-1')"],
  ["node_id not in ('bench_00000001', 'bench_00000002')", "AND node_id NOT IN ('bench_00000001', 'bench_00000002')"],
  ["tag_key = 'site' and tag_value = 'site-7'", tagged("tag_key = 'site' AND tag_value = 'site-7'")],
  ["tag_key = 'zone'", tagged("tag_key = 'zone'")],
  ["create_time > '2026-01-06T00:00:00.000Z'", `AND created_at > ${Date.UTC(2026, 0, 6)}`],
  ["create_time < '2026-01-03T00:00:00.000Z'", `AND created_at < ${Date.UTC(2026, 0, 3)}`],
  ["node_type = 'ENDPOINT'", 'AND parent_id IS NOT NULL'],
  [
    "tag_value = 'north' or node_id = 'bench_00000007'",
    `AND (node_id = 'bench_00000007' OR ${tagged("tag_value = 'north'").slice(4)})`,
  ],
  [
    "create_time > '2026-01-06T00:00:00.000Z' and status = 'ONLINE'",
    `AND created_at > ${Date.UTC(2026, 0, 6)} AND frozen = 0 AND connectivity = 'ONLINE'`,
  ],
  [
    "tag_value = 'north' and status = 'ONLINE'",
    `AND frozen = 0 AND connectivity = 'ONLINE' ${tagged("tag_value = 'north'")}`,
  ],
  ["tag_value = 'north' and product_id = 'bench_1'", `AND product_id = 'bench_1' ${tagged("tag_value = 'north'")}`],
  [
    "node_id like 'bench%' and device_name like 'Press%'",
    "AND node_id >= 'bench' AND node_id < 'benci' AND name >= 'Press' AND name < 'Prest'",
  ],
];

function tagged(conditions: string): string {
  return `AND EXISTS (SELECT 1 FROM device_tags t WHERE t.device_id = devices.device_id AND ${conditions})`;
}

/** Every list that may be long, with its filters; then searches. */
export function listCases({ deviceIds, groupIds }: SeededLists): readonly ListCase[] {
  const [groupId = ''] = groupIds;
  const middle = Math.floor(deviceIds.length / 2);
  return [
    ...deviceLists(),
    ...otherLists(groupId, deviceIds[0] ?? ''),
    ...detailLists(deviceIds, middle),
    ...searches.flatMap(searchCases),
  ];
}

function deviceLists(): readonly ListCase[] {
  const start = new Date(firstAt + 86_400_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  const list = (
    name: string,
    query: Parameters<BenchServer['client']['devices']['list']>[0],
    where: string,
    about: ListCase['about'] = 'page',
  ) => ({
    name: `devices ${name}`,
    about,
    call: ({ client }: BenchServer) => client.devices.list({ limit: 50, ...query }),
    bare: bareList(where, { offset: query?.offset ?? 0 }),
  });
  const middleMarker = '8'.repeat(24);
  return [
    list('first page', {}, ''),
    list('behind a marker', { marker: middleMarker }, ''),
    list('at the deepest offset', { offset: deepest }, ''),
    list('of an application', { app_id: appId }, `AND app_id = '${appId}'`),
    list('of a product', { product_id: 'bench_1' }, "AND product_id = 'bench_1'"),
    list(
      'of a product and an application',
      { product_id: 'bench', app_id: appId },
      `AND product_id = 'bench' AND app_id = '${appId}'`,
    ),
    list('by name', { device_name: 'Press-5000' }, "AND name = 'Press-5000'"),
    list('by node', { node_id: 'bench_00005000' }, "AND node_id = 'bench_00005000'"),
    list('of a gateway', { gateway_id: 'bench_00000000' }, "AND parent_id = 'bench_00000000'"),
    list(
      'of a gateway, all levels',
      { gateway_id: 'bench_00000000', is_cascade_query: true },
      "AND parent_id IS NOT NULL AND root_id = 'bench_00000000'",
    ),
    list('registered since', { start_time: `${start}Z` }, `AND created_at >= ${firstAt + 86_400_000}`, 'count'),
    list('registered until', { end_time: `${start}Z` }, `AND created_at <= ${firstAt + 86_400_000}`, 'count'),
    list(
      'of a product, registered since',
      { product_id: 'bench', start_time: `${start}Z` },
      `AND product_id = 'bench' AND created_at >= ${firstAt + 86_400_000}`,
      'count',
    ),
  ];
}

function otherLists(groupId: string, deviceId: string): readonly ListCase[] {
  const page = (name: string, call: ListCase['call']): ListCase => ({ name, about: 'page', call });
  return [
    page('groups', ({ client }) => client.groups.list({ limit: 50 })),
    page('devices of a group', ({ client }) => client.groups.listDevices(groupId, { limit: 50 })),
    page('devices of a group at the deepest offset', ({ client }) =>
      client.groups.listDevices(groupId, { limit: 50, offset: deepest }),
    ),
    {
      name: 'devices with a tag',
      about: 'count',
      call: ({ client }) =>
        client.tags.listResources({ resource_type: 'device', tags: [{ tag_key: 'site', tag_value: 'site-7' }] }),
    },
    {
      name: 'devices with one of two tags',
      about: 'count',
      call: ({ client }) =>
        client.tags.listResources({
          resource_type: 'device',
          tags: [
            { tag_key: 'site', tag_value: 'site-7' },
            { tag_key: 'zone', tag_value: 'north' },
          ],
        }),
    },
    page('tasks', ({ client }) => client.batchTasks.list({ limit: 50 })),
    page('tasks by type and status', ({ client }) =>
      client.batchTasks.list({ limit: 50, task_type: 'freezeDevices', status: 'PartialSuccess' }),
    ),
    page('messages of a device', ({ client }) => client.messages.list(deviceId)),
    page('commands of a device', ({ client }) => client.asyncCommands.list(deviceId, { limit: 50 })),
    page('ended commands of a device by status', ({ client }) =>
      client.asyncCommands.listHistory(deviceId, { limit: 50, status: 'TIMEOUT' }),
    ),
    page('products', ({ client }) => client.products.list({ limit: 50 })),
    page('packages', ({ client }) => client.packages.list({ package_type: 'firmwarePackage', limit: 50 })),
  ];
}

function detailLists(deviceIds: readonly string[], middle: number): readonly ListCase[] {
  const page = (name: string, query: Parameters<BenchServer['client']['batchTasks']['show']>[1]): ListCase => ({
    name: `subtasks ${name}`,
    about: 'page',
    call: ({ client }) => client.batchTasks.show(taskId, { limit: 50, ...query }),
  });
  return [
    page('first page', {}),
    page('in the middle, by offset', { offset: middle }),
    page('that failed', { task_detail_status: 'Fail' }),
    page('that failed, by offset', { task_detail_status: 'Fail', offset: Math.floor(deviceIds.length / 20) }),
    page('that went well, by offset', { task_detail_status: 'Success', offset: middle }),
    page('of a target', { target: deviceIds[middle] ?? '' }),
  ];
}

function searchCases([conditions, where]: (typeof searches)[number]): readonly ListCase[] {
  const [page = '', count = ''] = bareList(where, { limit: 10 });
  return [
    {
      name: `search ${conditions}`,
      about: 'page',
      call: ({ client }) => client.devices.search(`select * from device where ${conditions}`),
      bare: [page],
    },
    {
      name: `count ${conditions}`,
      about: 'count',
      call: ({ client }) => client.devices.search(`select count(*) from device where ${conditions}`),
      bare: [count],
    },
  ];
}
