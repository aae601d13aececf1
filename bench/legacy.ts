import { createLegacyClient, type LegacyClient } from '@muster/sdk/legacy';
import { type Bench, type BenchOptions, rounded } from './lib/bench.ts';
import { type BenchServer, startBenchServer } from './lib/bench-server.ts';
import { installation } from './lib/installation.ts';
import { legacyCases } from './lib/legacy-cases.ts';
import { besideBare, isOver, type Measured, measureCases } from './lib/measure-cases.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { seedLegacy } from './lib/seed-legacy.ts';

const rowsDefault = 1_000_000;
const barMs = 20;

/** Pages of what applications poll through the legacy API, over HTTP, beside the same page and count in bare SQL on the same database. */
export const legacy: Bench = {
  name: 'legacy',
  about:
    'lists of the legacy API at 10,000 operations and 1,000,000 sub-operations and sub-tasks, beside the same in bare SQL',
  rounds: 1,
  async run(options) {
    const measured = await measure(options);
    const over = measured.filter(isOver);
    return {
      bench: 'legacy',
      store: options.store,
      value: rounded(Math.max(...measured.map(({ medianMs }) => medianMs)), 1),
      unit: 'ms, the median of the slowest page',
      ...besideBare(measured),
      details: { cases: measured.length, casesOver: over.length },
      bar: `every page below ${barMs} ms`,
      pass: over.length === 0,
    };
  },
};

async function measure({ count = rowsDefault, rounds, store }: BenchOptions): Promise<readonly Measured[]> {
  await using database = await openBenchDatabase(store);
  const seeded = await seedLegacy(database, count);
  await using server = await startBenchServer(database, { MUSTER_LEGACY_CALLS_PER_MINUTE: '0' });
  const client = await openLegacyClient(server);
  await using sql = await database.openSql();
  const cases = legacyCases(seeded).map(({ name, bare, call }) => ({ name, bare, barMs, call: () => call(client) }));
  return await measureCases(cases, { rounds, run: (text) => sql.run(text) });
}

async function openLegacyClient({ client, endpoint }: BenchServer): Promise<LegacyClient> {
  const { projectId, appId, deviceSecret: secret } = installation;
  await client.request({
    ...{ method: 'POST', path: ['v5', 'iot', projectId, 'apps', appId, 'legacy-secret'] },
    json: { secret },
  });
  return createLegacyClient({ endpoint, appId, secret });
}
