import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createV5Client } from '@muster/sdk';
import type { TaskAccount } from './demo/accounting.ts';
import { createDisplay, type Display, tableOf } from './demo/display.ts';
import { demoUsage, type DemoOptions, parseDemoOptions } from './demo/options.ts';
import { type Receiver, startReceiver } from './demo/receiver.ts';
import { runScenario } from './demo/scenario.ts';
import { type ServerProcess, startServer } from './demo/server-process.ts';

/** The main job in one command (docs/contract/operations.md). Exit code 0 only if every device ended as its script says. */
async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(demoUsage);
    return 0;
  }
  const display = createDisplay();
  const startedAt = Date.now();
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  const receiver = await startReceiver();
  let server: ServerProcess | undefined;
  try {
    server = await startServer({ dataDir, settings: settingsOf(options), log: 'ignore', detached: options.keep });
    display.say(`Muster runs at ${server.addresses.http}, devices at ${server.addresses.mqtt}.`);
    const client = createV5Client(await clientOptions(server, dataDir));
    const accounts = await runScenario({ client, addresses: server.addresses, receiver, display, options });
    await waitForNotifications(receiver, accounts);
    return report({ accounts, receiver, options, seconds: (Date.now() - startedAt) / 1000 });
  } finally {
    await receiver.stop();
    await finish(server, dataDir, { options, display });
  }
}

/** Timers are shortened so that scripted time-outs and retries are seen within seconds; every one is a setting. */
function settingsOf({ devices }: DemoOptions): Record<string, string> {
  return {
    MUSTER_LOG_LEVEL: 'warn',
    MUSTER_PUSH_ALLOW_PRIVATE: '127.0.0.0/8',
    MUSTER_BATCH_RETRY_MINUTE_SECONDS: '1',
    MUSTER_OTA_ONLINE_TIMEOUT_SECONDS: String(Math.max(5, Math.ceil(devices / 200))),
    MUSTER_OTA_MISMATCH_GRACE_SECONDS: '2',
    // The whole fleet signs in from one address.
    MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
  };
}

async function clientOptions(server: ServerProcess, dataDir: string) {
  const text = await readFile(join(dataDir, 'credentials.json'), 'utf8');
  const { accessKey, secretKey } = JSON.parse(text) as { accessKey: string; secretKey: string };
  const { http: endpoint, projectId } = server.addresses;
  return { endpoint, projectId, credentials: { kind: 'aksk', accessKey, secretKey } as const };
}

const pushed = ['Waitting', 'Processing'];

/** Every task tells Waitting, Processing and its end; delivery is at least once, so they arrive within moments or not at all. */
async function waitForNotifications(receiver: Receiver, accounts: readonly TaskAccount[]): Promise<void> {
  const until = Date.now() + 10_000;
  const wanted = accounts.length * (pushed.length + 1);
  while (receiver.notifications.length < wanted && Date.now() < until) await pause(50);
}

function notificationSurprises(receiver: Receiver, accounts: readonly TaskAccount[]): readonly string[] {
  return accounts.flatMap(({ task }) => {
    const seen = receiver.notifications.filter((item) => item.taskId === task.task_id).map((item) => item.status);
    const wanted = [...pushed, task.status];
    return seen.join() === wanted.join()
      ? []
      : [`${task.task_type}: pushed ${seen.join(', ')}, expected ${wanted.join(', ')}`];
  });
}

interface Outcome {
  readonly accounts: readonly TaskAccount[];
  readonly receiver: Receiver;
  readonly options: DemoOptions;
  readonly seconds: number;
}

function report({ accounts, receiver, options, seconds }: Outcome): number {
  const surprises = [...accounts.flatMap((account) => account.surprises), ...notificationSurprises(receiver, accounts)];
  const ok = surprises.length === 0;
  for (const { task, rows } of accounts) {
    console.error(`\n${task.task_type}: ${task.status}. ${task.status_desc}`);
    const cells = rows.map((row) => [row.script, row.wanted, String(row.devices), String(row.asScripted)]);
    console.error(tableOf(['script', 'expected', 'devices', 'as expected'], cells));
  }
  console.error(`\n${receiver.notifications.length} notifications received, ${seconds.toFixed(1)} s in all.`);
  for (const surprise of surprises.slice(0, 20)) console.error(`UNEXPECTED ${surprise}`);
  console.error(ok ? 'Everything ended as scripted.' : `${surprises.length} things did not end as scripted.`);
  if (options.json) console.log(JSON.stringify(summaryOf({ accounts, receiver, options, seconds }, ok)));
  return ok ? 0 : 1;
}

function summaryOf({ accounts, receiver, options, seconds }: Outcome, ok: boolean) {
  const tasks = accounts.map(({ task, expected }) => {
    const { task_id, task_type, status } = task;
    const { total, success, fail } = task.task_progress;
    return { task_id, task_type, status, total, success, fail, expected };
  });
  return { ok, devices: options.devices, tasks, notifications: receiver.notifications.length, seconds };
}

async function finish(
  server: ServerProcess | undefined,
  dataDir: string,
  { options, display }: { readonly options: DemoOptions; readonly display: Display },
): Promise<void> {
  if (options.keep && server !== undefined) {
    server.release();
    display.say(`\nMuster goes on at ${server.addresses.http}, devices at ${server.addresses.mqtt}.`);
    display.say(`End it with: kill ${server.pid}; its data stays in ${dataDir}.`);
    display.say(`Credentials: ${join(dataDir, 'credentials.json')}, project ${server.addresses.projectId}`);
    return;
  }
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
