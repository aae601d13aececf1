import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportTask, V5Client } from '@muster/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { createTableFiles } from '../packages/server/src/files/table-files.ts';
import { openZip } from '../packages/server/src/files/xlsx/zip.ts';
import { createCluster } from './support/cluster.ts';
import { createInstallation } from './support/installation.ts';

const targets = Array.from({ length: 30_000 }, (_, n) => `nobody_${n}`);
const limits = {
  ...{ inflatedBytesMax: 1024 ** 3, columnsMax: 10, cellCharsMax: 40_000 },
  ...{ rowCharsMax: 400_000, tableCharsMax: 1024 ** 3 },
};
const timeout = 180_000;
const signal = (): AbortSignal => AbortSignal.timeout(120_000);

/** Some are written side by side and the others behind them, so that at any moment one is in the middle, however fast the machine is. */
const exportCount = 6;

/** Of a task in which all 30,000 subtasks have failed. */
async function askedOf(client: V5Client): Promise<readonly ExportTask[]> {
  const task = await client.batchTasks.create({ task_name: 'many', task_type: 'freezeDevices', targets });
  await client.waitForTask(task.task_id, { signal: signal() });
  const asked = { resource_type: 'BatchTask', resource_condition: { task_id: task.task_id } } as const;
  return Promise.all(Array.from({ length: exportCount }, () => client.exports.create(asked)));
}

/** When a part of the rows of one of them is written; an error if all have ended before that was seen. */
async function underWay(client: V5Client, asked: readonly ExportTask[]): Promise<void> {
  for (;;) {
    const tasks = await Promise.all(
      asked.map(({ export_task_id: id }) => client.exports.get(id, { signal: signal() })),
    );
    const processing = tasks.filter(({ status }) => status === 'Processing');
    if (processing.some(({ export_count: rows }) => rows > 0)) return;
    if (processing.length === 0) throw new Error('All had ended before one was seen in the middle.');
  }
}

/** The targets of a downloaded export, in their order. */
async function downloaded(client: V5Client, { export_task_id: id }: ExportTask): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [zipped, table] = [join(folder, 'many.zip'), join(folder, 'many.xlsx')];
  await writeFile(zipped, await client.exports.download(id));
  const zip = await openZip(zipped, limits.inflatedBytesMax);
  await writeFile(table, zip.open('many.xlsx'));
  zip.close();
  const found: string[] = [];
  for await (const { cells } of createTableFiles().read(table, 'xlsx', limits)) found.push(cells[0] ?? '');
  return found.slice(1);
}

it('an export whose server is killed in the middle is whole after the restart', { timeout }, async () => {
  const installation = await createInstallation();
  await installation.start();
  let client = await installation.client();
  const asked = await askedOf(client);
  await underWay(client, asked);
  await installation.kill();
  await installation.start();
  client = await installation.client();
  for (const task of asked) {
    const ended = await client.exports.waitFor(task.export_task_id, { signal: signal(), pollMs: 50 });
    expect(ended).toMatchObject({ status: 'Success', export_count: targets.length, progress: 100 });
    expect(await downloaded(client, task)).toEqual(targets);
  }
});

it('an export that a killed node had in hand is written by another, asked for on one and downloaded from the other', {
  timeout,
}, async () => {
  const own = {
    api: { MUSTER_ROLES: 'api' },
    first: { MUSTER_ROLES: 'engine' },
    second: { MUSTER_ROLES: 'api,engine' },
  };
  const { nodes } = await createCluster({ names: ['api', 'first', 'second'], own });
  const [api, first, second] = nodes;
  if (api === undefined || first === undefined || second === undefined) throw new Error('There are three nodes.');
  await api.start();
  await first.start();
  const asked = await askedOf(api.client);
  await underWay(api.client, asked);
  await first.kill();
  await second.start();
  for (const task of asked) {
    const ended = await api.client.exports.waitFor(task.export_task_id, { signal: signal(), pollMs: 200 });
    expect(ended).toMatchObject({ status: 'Success', export_count: targets.length });
    for (const { client } of [api, second]) expect(await downloaded(client, task)).toEqual(targets);
  }
});
