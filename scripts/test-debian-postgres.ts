import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { debianPostgresPrograms, startDebianPostgres } from './lib/debian-postgres.ts';

/**
 * `npm run test:debian-postgres -- [test files]`: the tests of the store's PostgreSQL driver and of what stands closest to it on the
 * PostgreSQL that Debian installs, instead of the one from npm. It is older, and here it sorts as English does rather than by letters:
 * nothing may depend on either.
 */
const cheapSuites = [
  'packages/server/test/store/postgres-inventory.test.ts',
  'packages/server/test/store/postgres-work.test.ts',
  'packages/server/test/engine/commands.test.ts',
  'packages/server/test/engine/set-up.test.ts',
  'packages/server/test/engine/subtask-transitions.test.ts',
  'packages/server/test/engine/task-transitions.test.ts',
  'packages/server/test/http/v5/groups.test.ts',
];

const english = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
const settings = ['max_connections=300', 'fsync=off', 'full_page_writes=off'];

process.stdout.write(execFileSync(join(debianPostgresPrograms(), 'postgres'), ['--version'], { encoding: 'utf8' }));
const server = await startDebianPostgres({ locale: english, settings });
try {
  const files = process.argv.length > 2 ? process.argv.slice(2) : cheapSuites;
  const tests = spawn('vitest', ['run', '--project', 'postgres', ...files], {
    stdio: 'inherit',
    env: { ...process.env, MUSTER_TEST_POSTGRES_URL: server.url('DATABASE') },
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await server.remove();
}
