import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import type { FloorWork } from './bench-database.ts';
import { note, timed } from './bench.ts';

/** `single`: each job is fetched and completed by itself, as it comes. `batched`: as its page on performance advises for many short jobs. */
export type JobsManner = 'single' | 'batched';

/** More at once or larger batches made no difference when tried. */
const jobsAtOnce = 24;
const addedJobs = 1000;
const batches = { localQueue: { size: 500 }, completeJobBatchDelay: 10 };

/** A job that fails would be tried again minutes later: the bench would wait and measure that. */
const failures = new Logger(() => (level, message) => {
  if (level === 'error') note(`graphile-worker: ${message}`);
});

/** Milliseconds for one job per device that sets its flag, from the first job's insertion until none is left. On Muster's own tables. */
export async function timeJobs(url: string, work: FloorWork, manner: JobsManner): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: jobsAtOnce + 2 });
  // It wants both to be listened to. What breaks fails the query that is under way.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const utils = await makeWorkerUtils({ pgPool: pool, logger: failures });
  try {
    await utils.migrate();
    return await timed(async () => {
      const worked = runJobs(pool, work, manner);
      for (let from = 0; from < work.deviceIds.length; from += addedJobs) {
        const chunk = work.deviceIds.slice(from, from + addedJobs);
        await utils.addJobs(chunk.map((deviceId) => ({ identifier: 'setFrozen', payload: { deviceId } })));
      }
      await worked;
    });
  } finally {
    await utils.release();
    await pool.end();
  }
}

/** Ends when every device had its job and every job is completed. */
async function runJobs(pool: pg.Pool, { deviceIds, frozen }: FloorWork, manner: JobsManner): Promise<void> {
  const done = Promise.withResolvers<void>();
  let left = deviceIds.length;
  const runner = await run({
    pgPool: pool,
    logger: failures,
    noHandleSignals: true,
    preset: {
      worker: { concurrentJobs: jobsAtOnce, ...(manner === 'batched' && batches) },
    },
    taskList: {
      setFrozen: async (payload) => {
        const { deviceId } = payload as { deviceId: string };
        await pool.query({
          name: 'set_frozen',
          text: 'UPDATE devices SET frozen = $1 WHERE device_id = $2',
          values: [frozen, deviceId],
        });
        left -= 1;
        if (left === 0) done.resolve();
      },
    },
  });
  await done.promise;
  // What is done but not yet marked so is marked now.
  await runner.stop();
}
