import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFleet, type DeviceSpec, registerDevices } from '@muster/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { type ClientLanguage, runClientProgram } from './support/client-programs.ts';
import { createSecureSite, portOf } from './support/secure-site.ts';

const timeout = 240_000;

const programs = {
  python: { batchTask: 'examples/batch_task.py', upgrade: 'examples/upgrade.py' },
  php: { batchTask: 'examples/batch-task.php', upgrade: 'examples/upgrade.php' },
} as const satisfies Record<ClientLanguage, unknown>;

/** Three devices that do what they are told, and one that refuses everything. */
async function startSite() {
  const site = await createSecureSite();
  const { https, http, mqtt } = await site.start({ MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0' });
  const client = await site.client(http);
  const productId = await createProduct(client);
  const registered = await registerDevices(client, { productId, count: 4 });
  const refusing: Partial<DeviceSpec> = {
    behaviour: { upgrade: { kind: 'fail', resultCode: 4 }, command: { kind: 'answer', resultCode: 5 } },
  };
  const devices = registered.map((device, at) => (at === 3 ? { ...device, ...refusing } : device));
  const fleet = createFleet({ mqttUrl: mqtt, devices, seed: 1 });
  onTestFinished(() => fleet.stop());
  await fleet.start();
  const account = JSON.parse(await readFile(join(site.dataDir, 'credentials.json'), 'utf8')) as {
    readonly defaultAppId: string;
    readonly legacyAppSecret: string;
  };
  const ini = join(site.dataDir, 'application.ini');
  const members = {
    ...{ platformIp: '127.0.0.1', platformPort: portOf(https), appId: account.defaultAppId },
    ...{ secret: account.legacyAppSecret, caFile: join(site.dataDir, 'tls-cert.pem') },
  };
  const lines = Object.entries(members).map(([name, value]) => `${name} = ${value}`);
  await writeFile(ini, ['[CLIENT_INFO]', ...lines, ''].join('\n'));
  const packageId = await uploadFirmware(client, productId);
  return { deviceIds: devices.map(({ deviceId }) => deviceId), ini, packageId };
}

/** What the program printed of each device behind the looks at the task: `deviceId`, state and cause. */
const rowsOf = (output: string): readonly (readonly string[])[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(({ length }) => length > 1);

describe('Old clients against a server, over HTTPS', { timeout }, () => {
  it('make tasks and upgrades, watch them and print what became of each device', async () => {
    const { deviceIds, ini, packageId } = await startSite();
    for (const language of ['python', 'php'] as const) {
      const { batchTask, upgrade } = programs[language];
      const command = ['--service', 'Motor', '--method', 'setSpeed', '--paras', '{"speed":3}', '--name', language];
      const common = ['--ini', ini, '--interval', '0.2'];
      const commands = await runClientProgram(language, [batchTask, ...common, ...command, ...deviceIds]);
      expect([language, commands.errors]).toEqual([language, '']);
      expect(commands.output).toContain('Complete: 4 of 4, 3 successful');
      const answered = rowsOf(commands.output);
      expect(answered.map(([deviceId, status]) => [deviceId, status])).toEqual(
        deviceIds.map((deviceId, at) => [deviceId, at === 3 ? 'Fail' : 'Success']),
      );
      expect(JSON.parse(answered[3]?.[2] ?? '')).toMatchObject({ error_code: '105807' });

      const upgraded = await runClientProgram(language, [upgrade, ...common, packageId, ...deviceIds]);
      expect([language, upgraded.errors, upgraded.code]).toEqual([language, '', 1]);
      expect(upgraded.output).toMatch(/^failed: total 4, success 3, fail 1$/m);
      expect(rowsOf(upgraded.output)).toEqual(
        deviceIds.map((deviceId, at) => [
          deviceId,
          ...(at === 3 ? ['fail', expect.stringContaining('Low battery') as string] : ['success', 'Success']),
        ]),
      );
    }
  });
});
