import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';
import { readCredentials } from './support/installation.ts';
import { programOf } from './support/page-program.ts';
import { createSecureSite } from './support/secure-site.ts';

const timeout = 180_000;
const page = 'packages/sdk/README.md';
const root = join(import.meta.dirname, '..');

/** A project beside the checkout, as `npm install PATH` leaves it. */
function createProject(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-sdk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (const [name, place] of Object.entries({
    '@muster/sdk': 'packages/sdk',
    '@types/node': 'node_modules/@types/node',
  })) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, place), link);
  }
  return folder;
}

async function runProgram(program: string, env: Readonly<Record<string, string>>, args: readonly string[]) {
  const folder = createProject({ 'program.ts': programOf(page, program) });
  const child = spawn(process.execPath, ['program.ts', ...args], {
    ...{ cwd: folder, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, output, errors };
}

describe("the client's page", () => {
  it('has programs that compile with the options that it names', { timeout }, async () => {
    const folder = createProject({
      'tsconfig.json': programOf(page, 'compiler options'),
      'legacy.ts': programOf(page, 'program: legacy'),
      'v5.ts': programOf(page, 'program: v5'),
    });
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('has programs that make tasks and wait for their ends, over HTTPS and HTTP', { timeout }, async () => {
    const site = await createSecureSite();
    const { http, https, mqtt } = await site.start();
    onTestFinished(() => site.stop());
    const client = await site.client(http);
    const devices = await registerFleet(client, await createProduct(client), 3);
    const ids = devices.map(({ deviceId }) => deviceId);
    await connectFleet({ mqttUrl: mqtt }, devices, 7);
    const stored = await readCredentials(site.dataDir);
    const trust = { NODE_EXTRA_CA_CERTS: join(site.dataDir, 'tls-cert.pem') };

    const application = { ENDPOINT: https, APP_ID: stored.defaultAppId, SECRET: stored.legacyAppSecret };
    const command = await runProgram('program: legacy', { ...application, ...trust }, ids);
    expect(command).toMatchObject({ code: 0, errors: '' });
    expect(command.output).toContain('Complete: 3 of 3\n');
    for (const id of ids) expect(command.output).toContain(`${id} Success \n`);

    const distrustful = await runProgram('program: legacy', application, ids);
    const { host } = new URL(https);
    expect(distrustful.code).toBe(2);
    expect(distrustful.errors).toContain(`NETWORK: No answer from ${host}: self-signed certificate`);
    const wrong = await runProgram('program: legacy', { ...application, ...trust, SECRET: 'wrong' }, ids);
    expect(wrong).toMatchObject({ code: 2, errors: '100208: AppId or secret is not right.\n' });

    const key = { PROJECT_ID: stored.projectId, AK: stored.accessKey, SK: stored.secretKey };
    const freeze = await runProgram('program: v5', { ENDPOINT: http, ...key }, [...ids, 'nobody']);
    expect(freeze).toMatchObject({ code: 1, errors: '' });
    expect(freeze.output).toContain('PartialSuccess: 3 successful\n');
    for (const id of ids) expect(freeze.output).toContain(`${id} Success \n`);
    expect(freeze.output).toMatch(/nobody Fail \S+/);
  });
});
