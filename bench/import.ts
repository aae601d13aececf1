import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type BatchTask, isFinalTaskStatus } from '@muster/sdk';
import { createTableFiles } from '../packages/server/src/files/table-files.ts';
import type { TableFormat } from '../packages/server/src/ports/table-files.ts';
import { type Bench, note, rounded, timed } from './lib/bench.ts';
import { type BenchServer, startBenchServer } from './lib/bench-server.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { collectableSettings, mebibyte, readMemory, resetPeak, settleAtRest } from './lib/process-memory.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const rowsDefault = 100_000;
const rowsPerSecondMin = 10_000;
const growthMaxMebibytes = 200;
const formats: readonly TableFormat[] = ['csv', 'xlsx'];

/** createDevices from a file: from the call that makes the task to its end, and the memory that upload and task take. */
export const importRows: Bench = {
  name: 'import',
  about: 'createDevices from a file of 100,000 rows, .csv and .xlsx: rows settled per second, and memory over rest',
  rounds: 1,
  async run({ count = rowsDefault, store }) {
    await using database = await openBenchDatabase(store);
    const seedMs = await timed(async () => {
      await seedFleet(database, count);
    });
    await using server = await startBenchServer(database, collectableSettings);
    const { product_id: productId } = await server.client.products.create({
      name: 'imported',
      device_type: 'imported',
      protocol_type: 'MQTT',
      data_format: 'json',
      service_capabilities: [],
    });
    await importOf(server, { format: 'csv', productId, prefix: 'warm', count: Math.ceil(count / 10) });
    const rest = await settleAtRest(server.pid);
    await resetPeak(server.pid);
    const figures: Record<string, number> = {};
    for (const format of formats) {
      const { uploadMs, taskMs } = await importOf(server, { format, productId, prefix: format, count });
      note(`${format}: upload ${Math.round(uploadMs)} ms, task ${Math.round(taskMs)} ms`);
      figures[`${format}RowsPerSecond`] = Math.round((count / taskMs) * 1000);
      figures[`${format}UploadMilliseconds`] = Math.round(uploadMs);
    }
    const { peakBytes } = await readMemory(server.pid);
    const grown = (peakBytes - rest) / mebibyte;
    const slowest = Math.min(...formats.map((format) => figures[`${format}RowsPerSecond`] ?? 0));
    const seeded = (count / seedMs) * 1000;
    return {
      bench: 'import',
      store,
      value: slowest,
      unit: 'rows/s, the slower format',
      yardsticks: { seededDevicesPerSecond: Math.round(seeded) },
      ratios: { seeded: rounded(slowest / seeded) },
      details: { ...figures, peakOverRestMebibytes: Math.round(grown) },
      bar: `at least ${rowsPerSecondMin} rows/s, and at most ${growthMaxMebibytes} MiB above rest`,
      pass: slowest >= rowsPerSecondMin && grown <= growthMaxMebibytes,
    };
  },
};

interface Import {
  readonly format: TableFormat;
  readonly productId: string;
  readonly prefix: string;
  readonly count: number;
}

async function importOf(
  { client }: BenchServer,
  { format, productId, prefix, count }: Import,
): Promise<{ readonly uploadMs: number; readonly taskMs: number }> {
  const content = await buffer(createTableFiles().write(rowsOf(productId, prefix, count), format));
  let fileId = '';
  const uploadMs = await timed(async () => {
    const blob = new Blob([new Uint8Array(content)]);
    fileId = (await client.batchFiles.upload(blob, `${prefix}-${count}.${format}`)).file_id;
  });
  const taskMs = await timed(async () => {
    const created = await client.batchTasks.create({
      task_name: 'import',
      task_type: 'createDevices',
      document_source: fileId,
    });
    const { status, task_progress: progress } = await ended(client, created.task_id);
    if (status !== 'Success') throw new Error(`The import ended ${status}: ${JSON.stringify(progress)}.`);
  });
  return { uploadMs, taskMs };
}

/** Progress events come once a second: too coarse a clock for what takes a few. */
const lookMs = 20;

async function ended(client: BenchServer['client'], taskId: string): Promise<BatchTask> {
  for (;;) {
    const { batchtask } = await client.batchTasks.show(taskId, { limit: 1 });
    if (isFinalTaskStatus(batchtask.status)) return batchtask;
    await pause(lookMs);
  }
}

function* rowsOf(productId: string, prefix: string, count: number): Generator<readonly string[]> {
  yield ['node_id', 'product_id', 'device_name', 'secret', 'secure_access', 'timeout', 'description', 'tags'];
  for (let n = 0; n < count; n += 1) {
    yield [`${prefix}-${n}`, productId, `Press-${n}`, `secret-of-${n}`, 'true', '0', 'west-hall', 'line=3'];
  }
}
