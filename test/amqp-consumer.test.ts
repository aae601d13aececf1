import type { V5Client } from '@muster/sdk';
import { expect, it } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { createInstallation } from './support/installation.ts';
import { type ProtonMessage, startProton } from './support/proton-consumer.ts';

interface TaskEvent {
  readonly notify_data: { readonly body: { readonly task_id: string; readonly status: string } };
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
  const { access_key, access_code: password } = await client.accessCodes.create();
  const consumer = () =>
    startProton<TaskEvent>({
      url: installation.amqpUrl,
      queue: 'DefaultQueue',
      user: `accessKey=${access_key}|timestamp=${Date.now()}|`,
      password,
    });
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
  const statuses = (messages: readonly ProtonMessage<TaskEvent>[], taskId: string): string[] =>
    messages.map(({ body }) => body.notify_data.body).flatMap((body) => (body.task_id === taskId ? [body.status] : []));

  const first = consumer();
  const early = await runTasks(['a', 'b', 'c', 'd', 'e']);
  await first.until(() => first.messages.length >= 3);
  await first.kill();
  const later = await runTasks(['f', 'g', 'h', 'i', 'j']);
  await installation.kill();
  await installation.start();
  const second = consumer();
  const all = (): readonly ProtonMessage<TaskEvent>[] => [...first.messages, ...second.messages];
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
