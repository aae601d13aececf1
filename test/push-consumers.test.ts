import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { V5Client } from '@muster/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { createInstallation } from './support/installation.ts';
import { programOf } from './support/page-program.ts';

interface Program {
  readonly language: 'python' | 'node';
  readonly file: string;
  readonly runtime: string;
}

/** Each program of the page in a file of its own, and what runs it there. */
const programs: readonly Program[] = [
  { language: 'python', file: 'consumer.py', runtime: '/usr/bin/python3' },
  { language: 'node', file: 'consumer.mjs', runtime: process.execPath },
];

/** What a program prints. */
interface Run {
  readonly lines: readonly string[];
  until(holds: (lines: readonly string[]) => boolean): Promise<void>;
}

function run({ language, file, runtime }: Program, env: NodeJS.ProcessEnv): Run {
  const folder = mkdtempSync(join(tmpdir(), 'muster-consumer-'));
  writeFileSync(join(folder, file), failOnce[language](programOf('docs/push.md', `consumer: ${language}`)));
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'));
  const child = spawn(runtime, [join(folder, file)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => void lines.push(line));
  const over = once(output, 'close').then(() => {
    throw new Error(`The program is over: ${lines.join('\n')}`);
  });
  over.catch(() => undefined);
  return {
    lines,
    async until(holds) {
      while (!holds(lines)) await Promise.race([once(output, 'line'), over]);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Notifications of new products, in a queue. */
async function fillQueue(client: V5Client, queue: string): Promise<void> {
  await client.queues.create({ queue_name: queue });
  const { rule_id } = await client.rules.create({ subject: { resource: 'product', event: 'create' } });
  const channel_detail = { amqp_forwarding: { queue_name: queue } };
  await client.actions.create({ rule_id, channel: 'AMQP_FORWARDING', channel_detail });
  await client.rules.update(rule_id, { active: true });
}

let made = 0;
async function addProduct(client: V5Client): Promise<void> {
  made += 1;
  await client.products.create({
    name: `product-${made}`,
    device_type: 'Lamp',
    protocol_type: 'MQTT',
    data_format: 'json',
    service_capabilities: [],
  });
}

/** The page's program with a `handle` that fails at its first notification. */
const failOnce: Readonly<Record<Program['language'], (text: string) => string>> = {
  python: (text) =>
    text
      .replace(
        /def handle\(notification\):\n.*\n/,
        '$&    if not seen:\n        seen.append(1)\n        raise ValueError("not now")\n',
      )
      .replace('def handle', 'seen = []\n\n\ndef handle'),
  node: (text) =>
    text.replace(
      /async function handle.*\n/,
      "let isFirst = true;\n$&  if (isFirst) {\n    isFirst = false;\n    throw new Error('not now');\n  }\n",
    ),
};

const heard = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.startsWith('product create '));

test.each(programs)(
  "the page's consumer in $language reads a queue, puts off what it cannot handle, and comes back after a restart",
  async (program) => {
    const installation = await createInstallation();
    await installation.start();
    const client = await installation.client();
    await fillQueue(client, 'products-of-all');
    const { access_key, access_code } = await client.accessCodes.create();
    const consumer = run(program, {
      MUSTER_AMQP_URL: installation.amqpUrl,
      MUSTER_QUEUE: 'products-of-all',
      MUSTER_ACCESS_KEY: access_key,
      MUSTER_ACCESS_CODE: access_code,
    });
    await addProduct(client);
    await consumer.until((lines) => heard(lines).length === 1);
    expect(consumer.lines.filter((line) => line.startsWith('not handled:'))).toHaveLength(1);

    expect(await installation.stop()).toBe(0);
    await installation.start();
    await addProduct(client);
    // At least once: what was handled and not yet accepted when the server stopped comes again.
    await consumer.until((lines) => new Set(heard(lines)).size === 2);
    expect(heard(consumer.lines).length).toBeLessThanOrEqual(3);
  },
  60_000,
);
