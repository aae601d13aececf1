import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeVersions, useWorld } from './fleet-fixture.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

describe('muster-sim', () => {
  const world = useWorld();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-sim-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('connects the devices of a file, answers, and prints its statistics when it is interrupted', async () => {
    const file = join(folder, 'devices.json');
    const devices = [
      { deviceId: 'p_1', secret: 's', firmwareVersion: '7' },
      { deviceId: 'p_2', secret: 's', behaviour: { upgrade: { kind: 'offline' } } },
    ];
    await writeFile(file, JSON.stringify(devices));
    const child = spawn(process.execPath, [MAIN, '--mqtt', world.server.url, '--devices', file, '--json']);
    const output = text(child.stdout);
    const exited = once(child, 'exit');
    await world.server.until(() => world.server.sessions.has('p_1'));
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    expect(await takeVersions(world.server)).toMatchObject({ fw_version: '7' });
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(JSON.parse(await output)).toMatchObject({ connected: 0, connects: 1, versionQueries: 1 });
  });

  it('says what is missing and exits with 1', async () => {
    const child = spawn(process.execPath, [MAIN, '--mqtt', world.server.url], { env: {} });
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(complaint).toMatch(/--devices/);
    expect(code).toBe(1);
  });
});
