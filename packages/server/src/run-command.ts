import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from './config/config.ts';
import type { Command } from './config/load-config.ts';
import { migrateFile, migratePostgres } from './store/migrate-database.ts';
import { moveToPostgres } from './store/move/move-to-postgres.ts';
import { backupDatabase } from './store/sqlite/backup.ts';
import { masterKeyPath } from './system/master-key.ts';
import { createRealClock } from './system/real-clock.ts';
import { createRealRandom } from './system/real-random.ts';

/** What the server's command does where it does not serve; throws a sentence for the operator. */
export async function runCommand(command: Command, config: Config): Promise<void> {
  switch (command.name) {
    case 'migrate':
      return migrate(config);
    case 'backup':
      return backup(config, command.file);
    case 'move':
      return move(config, command.targetUrl);
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const databaseOf = ({ dataDir }: Config): string => resolve(dataDir, 'muster.db');

async function migrate(config: Config): Promise<void> {
  const { database, dataDir } = config;
  if (database === undefined) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const schema = await migrateFile(databaseOf(config));
    say(`The database ${databaseOf(config)} is up to date, with schema ${schema}.`);
    return;
  }
  const clock = createRealClock();
  const random = createRealRandom(() => clock.now());
  const { url, waitMs } = database;
  const onAway = (reason: unknown): void => {
    say(
      `The database does not answer (${reason instanceof Error ? reason.message : String(reason)}); waiting ${waitMs / 1000} s for it.`,
    );
  };
  const schema = await migratePostgres({ url, waitMs, clock, random, onAway });
  say(`The database of MUSTER_DATABASE_URL is up to date, with schema ${schema}.`);
}

async function backup(config: Config, file: string): Promise<void> {
  const clock = createRealClock();
  const to = resolve(file);
  const draft = `${to}.${createRealRandom(() => clock.now()).uuid()}.part`;
  await backupDatabase({ from: databaseOf(config), to, draft });
  say(
    `${to} is a copy of the database. Keep it with master key, packages and certificate (docs/operations.md, Backup).`,
  );
}

async function move(config: Config, targetUrl: string): Promise<void> {
  const keyPath = resolve(masterKeyPath(config.dataDir));
  if (config.masterKey === undefined && existsSync(databaseOf(config)) && !existsSync(keyPath)) {
    throw new Error(`${keyPath} is missing: set MUSTER_MASTER_KEY to the key with which the secrets were encrypted.`);
  }
  const at = createRealClock().now();
  const rows = await moveToPostgres({
    path: databaseOf(config),
    targetUrl,
    at,
    onProgress: ({ table, copied, of }) => {
      if (of > 0) say(`${table}: ${copied} of ${of}`);
    },
  });
  say(`All ${rows} rows were copied; the data folder is as it was. From now on start with these settings:`);
  say('  MUSTER_DATABASE_URL   the URL that you have given');
  say(`  MUSTER_MASTER_KEY     ${config.masterKey === undefined ? `what ${keyPath} holds` : 'as it is set now'}`);
  say(`  MUSTER_PACKAGE_STORE  ${packagesOf(config)}`);
  say('Do not start without MUSTER_DATABASE_URL again: the old database would go on with the same tasks.');
}

function packagesOf({ packages: { place }, dataDir }: Config): string {
  if (place?.kind === 'bucket') return `${place.region}/${place.bucket}, with MUSTER_OBJECT_STORES as it is set now`;
  return resolve(place?.path ?? join(dataDir, 'packages'));
}
