import { setTimeout as pause } from 'node:timers/promises';
import type { BatchTask, V5Client } from '@muster/sdk';
import { accountFor } from './accounting.ts';
import { demoCommand, type DemoApplication } from './application.ts';
import type { Display, Progress } from './display.ts';
import type { FleetPlan } from './fleet-plan.ts';
import { forwardTaskUpdates } from './preparation.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import type { TaskAccount } from './task-account.ts';

export interface V5ApplicationParts {
  readonly client: V5Client;
  readonly display: Display;
}

/** An application that speaks the v5 API. */
export async function createV5Application({ client, display }: V5ApplicationParts): Promise<DemoApplication> {
  const receiver = await startReceiver();
  const run = async (plan: FleetPlan, { part, request }: TaskPlan): Promise<TaskAccount> => {
    const targets = plan.devices.map((device) => device.deviceId);
    const task = await client.batchTasks.create({ ...request, targets });
    const ended: BatchTask = await client.waitForTask(task.task_id, {
      onProgress: (snapshot) => display.progress(progressOf({ ...task, ...snapshot })),
    });
    display.progress(progressOf(ended));
    return accountFor(client, ended, { plan, part });
  };
  return {
    subscribe: () => forwardTaskUpdates(client, receiver.url),
    upgrade: (plan, packageId) => run(plan, upgradePlan(packageId)),
    command: (plan) => run(plan, commandPlan),
    async awaitPushes(_plan, accounts) {
      await waitForNotifications(receiver, accounts);
      return notificationSurprises(receiver, accounts);
    },
    get pushes() {
      return receiver.notifications.length;
    },
    stop: () => receiver.stop(),
  };
}

interface TaskPlan {
  readonly part: 'upgrade' | 'command';
  readonly request: Omit<Parameters<V5Client['batchTasks']['create']>[0], 'targets'>;
}

const upgradePlan = (packageId: string): TaskPlan => ({
  part: 'upgrade',
  request: {
    task_name: 'demo_firmware',
    task_type: 'firmwareUpgrade',
    document: { package_id: packageId },
    task_policy: { retry_count: 1, retry_interval: 1 },
  },
});

const { service, name, paras } = demoCommand;
const commandPlan: TaskPlan = {
  part: 'command',
  request: {
    task_name: 'demo_command',
    task_type: 'createCommands',
    document: { service_id: service, command_name: name, paras },
  },
};

function progressOf({ task_type, status, task_progress: p }: BatchTask): Progress {
  return {
    ...{ name: task_type, status, total: p.total },
    done: p.success + p.fail + p.stopped + p.removed,
    counts: `${p.success} ok, ${p.fail} failed, ${p.processing} running, ${p.fail_wait_retry} to retry, ${p.waitting} waiting`,
  };
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
    const seen = receiver.notifications.filter((item) => item.taskId === task.id).map((item) => item.status);
    const wanted = [...pushed, task.status];
    return seen.join() === wanted.join()
      ? []
      : [`${task.type}: pushed ${seen.join(', ')}, expected ${wanted.join(', ')}`];
  });
}
