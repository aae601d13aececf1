import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { V5Client } from '@muster/sdk';
import { expect, it, onTestFinished } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { createInstallation } from './support/installation.ts';

interface TaskEvent {
  readonly notify_data: { readonly body: { readonly task_id: string; readonly status: string } };
}

/** A consumer that is not ours (Apache Qpid Proton), with a prefetch of its own. */
function startProton(amqpUrl: string, user: string, password: string) {
  const script = join(import.meta.dirname, 'support/proton-consumer.py');
  const child = spawn('/usr/bin/python3', [script, amqpUrl, 'DefaultQueue', user, password, '10'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: TaskEvent[] = [];
  const heard = new EventTarget();
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as TaskEvent);
    heard.dispatchEvent(new Event('event'));
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await once(heard, 'event');
  };
  return { events, kill, until };
}

async function fillDefaultQueue(client: V5Client): Promise<void> {
  const rule = await client.rules.create({ rule_name: 'tasks', subject: { resource: 'batchtask', event: 'update' } });
  await client.actions.create({
    rule_id: rule.rule_id,
    channel: 'AMQP_FORWARDING',
    channel_detail: { amqp_forwarding: { queue_name: 'DefaultQueue' } },
  });
  await client.rules.update(rule.rule_id, { active: true });
}

it('an independent consumer gets every status of every task in order, though it and the server are killed', async () => {
  const installation = await createInstallation();
  await installation.start();
  const client = await installation.client();
  const product_id = await createProduct(client);
  await fillDefaultQueue(client);
  const { access_key, access_code } = await client.accessCodes.create();
  const consumer = () =>
    startProton(installation.amqpUrl, `accessKey=${access_key}|timestamp=${Date.now()}|`, access_code);
  const runTasks = async (names: readonly string[]): Promise<string[]> => {
    const taskIds: string[] = [];
    for (const name of names) {
      const { device_id } = await client.devices.create({ node_id: name, product_id });
      const targets = [String(device_id)];
      const task = await client.batchTasks.create({ task_name: name, task_type: 'freezeDevices', targets });
      taskIds.push(String(task.task_id));
    }
    return taskIds;
  };
  const statuses = (events: readonly TaskEvent[], taskId: string): string[] =>
    events
      .filter(({ notify_data: { body } }) => body.task_id === taskId)
      .map(({ notify_data: { body } }) => body.status);

  const first = consumer();
  const early = await runTasks(['a', 'b', 'c', 'd', 'e']);
  await first.until(() => first.events.length >= 3);
  await first.kill();
  const later = await runTasks(['f', 'g', 'h', 'i', 'j']);
  await installation.kill();
  await installation.start();
  const second = consumer();
  const all = (): readonly TaskEvent[] => [...first.events, ...second.events];
  const taskIds = [...early, ...later];
  await second.until(() => taskIds.every((taskId) => statuses(all(), taskId).includes('Success')));
  for (const taskId of taskIds) {
    // At least once: what was in hand of the killed one may come twice, in order each time.
    const distinct = [...new Set(statuses(all(), taskId))];
    expect(distinct.at(-1)).toBe('Success');
    expect(distinct).toEqual(['Waitting', 'Processing', 'Success'].filter((status) => distinct.includes(status)));
    expect(distinct).toContain('Processing');
  }
}, 120_000);
