import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { createSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { anAccessKey, aUser } from '../../builders/account-builders.ts';
import { box, random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';

const holder = `${import.meta.dirname}/hold-store.ts`;

describe('a store in a file', () => {
  let folder: string;
  let path: string;
  const open: Store[] = [];
  const make = (over: Partial<Parameters<typeof createSqliteStore>[0]> = {}): Store => {
    const store = createSqliteStore({ path, durability: 'full', box, random, clock: createRealClock(), ...over });
    open.push(store);
    return store;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-file-'));
    path = join(folder, 'muster.db');
  });
  afterEach(async () => {
    for (const store of open.splice(0)) await store.stop();
    await rm(folder, { recursive: true });
  });

  it('is there again after it was closed, in one file', async () => {
    const first = make();
    await first.start();
    const given = createGiven(first);
    const scope = await given.scope();
    const device = await given.device(scope);
    await first.stop();
    expect((await readdir(folder)).toSorted()).toEqual(['muster.db', 'muster.db.lock']);

    const second = make();
    await second.start();
    expect(await second.devices.find(scope.projectId, device.deviceId)).toEqual(device);
    await expect(first.start()).rejects.toThrow('Another process');
  });

  it('is read by its owner alone, unless the operator lets others', async () => {
    const modeOf = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;
    const first = make();
    await first.start();
    await createGiven(first).scope();
    for (const name of ['muster.db', 'muster.db-wal', 'muster.db-shm'])
      expect([name, await modeOf(name)]).toEqual([name, 0o600]);
    await first.stop();
    await chmod(path, 0o640);
    await make().start();
    expect(await modeOf('muster.db')).toBe(0o640);
  });

  it('folds its log into the file while it is used, at no cost of whoever writes', async () => {
    const store = make();
    await store.start();
    const given = createGiven(store);
    const scope = await given.scope();
    // More pages than the thread leaves, fewer than the writer does (checkpoint-worker.ts, connection.ts).
    for (let step = 0; step < 8; step += 1) await given.devices(scope, 500);
    const other = new DatabaseSync(path);
    const pages = (): Record<string, unknown> => ({ ...other.prepare('PRAGMA wal_checkpoint(NOOP)').get() });
    try {
      expect(pages()['log']).toBeLessThan(4000);
      await expect.poll(() => pages()['checkpointed'], { timeout: 10_000 }).toBeGreaterThanOrEqual(1000);
    } finally {
      other.close();
    }
    await store.stop();
    expect((await readdir(folder)).toSorted()).toEqual(['muster.db', 'muster.db.lock']);
  });

  it('starts again after a stop', async () => {
    const store = make();
    await store.start();
    const scope = await createGiven(store).scope();
    await Promise.all([store.stop(), store.start()]);
    expect(await store.accounts.findProject(scope.projectId)).toBeDefined();
  });

  it('is refused to a second store of the same process', async () => {
    await make().start();
    await expect(make().start()).rejects.toThrow(`Another process works on ${path}`);
  });

  it('keeps no secret readable', async () => {
    const store = make();
    await store.start();
    const given = createGiven(store);
    const scope = await given.scope();
    const secrets = ['device-secret-1', 'second-secret-2', 'third-secret-3', 'secret-key-4', 'pushtoken5'] as const;
    const [secret, secondarySecret, later, secretKey, token] = secrets;
    const auth = { authType: 'SECRET', secret, secondarySecret, secureAccess: false, timeoutSeconds: 0 } as const;
    const { deviceId } = await given.device(scope, { auth });
    await store.devices.setSecret(scope.projectId, deviceId, { secret: later, slot: 'SECONDARY' });
    const user = aUser();
    await store.accounts.insertUser(user);
    await store.accounts.insertAccessKey(anAccessKey({ ...user, projectId: scope.projectId, secretKey }));
    const target = { channel: 'HTTP_FORWARDING', http: { url: 'https://x/', signatureEnable: true, token } } as const;
    await given.action(scope, { target });
    await store.stop();
    const bytes = await readFile(path, 'latin1');
    expect(bytes).toContain(deviceId);
    for (const clear of secrets) expect(bytes).not.toContain(clear);
  });

  it('says which key is missing instead of handing out nonsense', async () => {
    const store = make();
    await store.start();
    const given = createGiven(store);
    const scope = await given.scope();
    const { deviceId } = await given.device(scope);
    await store.stop();
    const other = make({
      box: {
        ...box,
        open: () => {
          throw new Error('Sealed with another key.');
        },
      },
    });
    await other.start();
    await expect(other.devices.find(scope.projectId, deviceId)).rejects.toThrow('another key');
  });

  it('is refused while another process holds it, and free as soon as that is killed, with all that it had answered', async () => {
    const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines: string[] = [];
      // The pipe stays open when enough was read: the process must die of the kill and of nothing else.
      const reader = createInterface(child.stdout);
      for await (const line of reader) if (lines.push(line) === 20) break;
      const store = make();
      await expect(store.start()).rejects.toThrow(`Another process works on ${path}`);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      expect((await gone)[1]).toBe('SIGKILL');
      await store.start();
      for (const projectId of lines) {
        expect(await store.accounts.findProject(projectId as never), projectId).toBeDefined();
      }
    } finally {
      child.kill('SIGKILL');
    }
  });
});
