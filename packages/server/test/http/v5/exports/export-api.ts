import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer as readBuffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ExportTask } from '@muster/contract/v5';
import { expect, onTestFinished } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { createTableFiles } from '../../../../src/files/table-files.ts';
import { createExporter, type Exporter, type ExporterParts } from '../../../../src/services/exports/exporter.ts';
import { createExportSweeper } from '../../../../src/services/exports/export-sweeper.ts';
import { random } from '../../../builders/chance.ts';
import { testKey, testProject } from '../../../support/api-server.ts';
import { signed } from '../../../support/http-client.ts';
import { startFileApi } from '../batch-files/file-api.ts';

export const exportLifeMs = 7 * 24 * 3_600_000;
const tables = createTableFiles();
const limits = {
  ...{ inflatedBytesMax: 1024 ** 3, columnsMax: 10, cellCharsMax: 40_000 },
  ...{ rowCharsMax: 200_000, tableCharsMax: 1024 ** 3 },
};

export interface Downloaded {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

/** The whole API with what writes exports and sweeps them; `exporting: false`: nothing writes them yet. */
export async function startExportApi({ exporting = true } = {}) {
  const api = await startFileApi();
  const { store, clock } = api;
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
  const parts = { store, clock, random, log };
  const jobs: Exporter[] = [];
  const begin = (job: Exporter): Exporter => {
    job.start();
    jobs.push(job);
    return job;
  };
  onTestFinished(async () => {
    await Promise.all(jobs.map((job) => job.stop()));
  });
  /** Another process, as far as exports go. */
  const startExporter = (own: Partial<ExporterParts> = {}) =>
    begin(createExporter({ ...parts, tables, lifeMs: exportLifeMs, ...own }));
  if (exporting) startExporter();
  begin(createExportSweeper(parts));
  const base = '/export-tasks';
  const show = async (id: string): Promise<ExportTask> =>
    (await api.ofProject('GET', `${base}/${id}`)).json as ExportTask;
  return {
    ...api,
    startExporter,
    base,
    show,
    ask: (taskId: string, more: object = {}) =>
      api.ofProject('POST', base, { resource_type: 'BatchTask', resource_condition: { task_id: taskId }, ...more }),
    /** Lets time go by until the export is no longer Processing. */
    async exported(id: string): Promise<ExportTask> {
      let shown = await show(id);
      const look = async (): Promise<string> => {
        await clock.advance(100);
        shown = await show(id);
        return shown.status;
      };
      await expect.poll(look, { timeout: 30_000, interval: 5 }).not.toBe('Processing');
      return shown;
    },
    download: (id: string): Promise<Downloaded> => {
      const target = { method: 'GET', path: `/v5/iot/${testProject}${base}/${id}/file` };
      const { headers = {} } = signed(testKey, target, { date: toBasicTime(clock.now()) });
      return fetchBytes({ port: api.port, path: target.path, headers: { ...headers } });
    },
  };
}

export type ExportApi = Awaited<ReturnType<typeof startExportApi>>;

interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

function fetchBytes(target: Target): Promise<Downloaded> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', agent: false, ...target }, (response) => {
      const { statusCode: status = 0, headers } = response;
      readBuffer(response).then((bytes) => resolve({ status, headers, bytes }), reject);
    });
    asking.on('error', reject);
    asking.end();
  });
}

export interface Unpacked {
  readonly name: string;
  /** With the header; rows of cells as texts. */
  readonly rows: readonly (readonly string[])[];
}

/** The one table of an archive, read by the product's own readers. */
export async function unpack(zip: Buffer): Promise<Unpacked> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-export-'));
  try {
    const archive = await fromBufferPromise(zip, { lazyEntries: true });
    const names: string[] = [];
    for await (const entry of archive.eachEntry()) {
      names.push(entry.fileName);
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(join(folder, 'table')));
    }
    expect(names).toHaveLength(1);
    const [name = ''] = names;
    const rows: (readonly string[])[] = [];
    const format = name.endsWith('.csv') ? 'csv' : 'xlsx';
    for await (const { cells } of tables.read(join(folder, 'table'), format, limits)) rows.push(cells);
    const width = rows[0]?.length ?? 0;
    // A sheet leaves out what is empty at the end of a row.
    return { name, rows: rows.map((cells) => Array.from({ length: width }, (_, at) => cells[at] ?? '')) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
