import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { type Client, generations, reportUpgrade, type SeenTask, startGeneration, takeOffer } from './generations.ts';
import type { Work } from './generation-works.ts';
import { answerCommand } from './legacy-stack.ts';

interface Scenario {
  readonly name: string;
  readonly work: Work;
  readonly devices: number;
  /** Returns the task whose facts are compared. */
  run(client: Client): Promise<string>;
}

const minute = 60_000;

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`There is none at ${index}.`);
  return item;
}

const isOver = ({ isOver: over }: SeenTask): boolean => over;

/** What every page of three gives, one after the other, in the order of the targets. */
async function walk(client: Client, taskId: string, count: number): Promise<void> {
  const seen: string[] = [];
  for (let no = 0; no * 3 < count; no++) {
    const page = await client.rows(taskId, { page: { no, size: 3 } });
    expect(page.count).toBe(count);
    seen.push(...page.targets);
  }
  expect(seen.toSorted()).toEqual(client.devices.map(({ deviceId }) => deviceId as string).toSorted());
  expect((await client.rows(taskId, { page: { no: 9, size: 3 } })).targets).toEqual([]);
}

const scenarios: readonly Scenario[] = [
  {
    ...{ name: 'commands are created, watched and answered', work: 'commands', devices: 3 },
    async run(client) {
      const connected = await client.connect();
      const taskId = await client.create();
      for (const [index, device] of connected.entries()) {
        await answerCommand(device);
        await client.shows(taskId, ({ success }) => success === index + 1);
      }
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId)).count).toBe(3);
      return taskId;
    },
  },
  {
    ...{ name: 'commands are paged', work: 'commands', devices: 7 },
    async run(client) {
      const taskId = await client.create();
      await client.isUnderWay(taskId);
      await walk(client, taskId, 7);
      return taskId;
    },
  },
  {
    ...{ name: 'commands fail and are filtered', work: 'commands', devices: 2 },
    async run(client) {
      const [one, two] = await client.connect();
      const taskId = await client.create({ strangers: ['nobody'] });
      if (one === undefined || two === undefined) throw new Error('Both are connected.');
      await answerCommand(one);
      await answerCommand(two, { result_code: 4 });
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).targets).toEqual([one.deviceId]);
      expect((await client.rows(taskId, { state: 'Fail' })).targets.toSorted()).toEqual(
        [two.deviceId, 'nobody'].toSorted(),
      );
      return taskId;
    },
  },
  {
    ...{ name: 'commands are stopped', work: 'commands', devices: 2 },
    async run(client) {
      await client.stack.connect(at(client.devices, 0));
      const taskId = await client.create();
      await client.isUnderWay(taskId);
      await client.stop(taskId);
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Stopped' })).count).toBe(2);
      return taskId;
    },
  },
  {
    ...{ name: 'commands are tried again', work: 'commands', devices: 2 },
    async run(client) {
      const [one, two] = await client.connect();
      if (one === undefined || two === undefined) throw new Error('Both are connected.');
      const taskId = await client.create();
      await answerCommand(one);
      await answerCommand(two, { result_code: 4 });
      await client.shows(taskId, isOver);
      await client.retry(taskId);
      await answerCommand(two);
      await client.shows(taskId, ({ success }) => success === 2);
      await client.shows(taskId, isOver);
      return taskId;
    },
  },
  {
    ...{ name: 'commands are deleted', work: 'commands', devices: 1 },
    async run(client) {
      const [one] = await client.connect();
      const taskId = await client.create();
      if (one !== undefined) await answerCommand(one);
      await client.shows(taskId, isOver);
      expect(await client.list('success')).toEqual([taskId]);
      await client.delete(taskId);
      expect(await client.list('success')).toEqual([]);
      return taskId;
    },
  },
  {
    ...{ name: 'upgrades are created, watched and succeed', work: 'firmware', devices: 2 },
    async run(client) {
      const connected = await client.connect();
      const taskId = await client.create();
      for (const [index, device] of connected.entries()) {
        await takeOffer(device);
        await reportUpgrade(device, 0);
        await client.shows(taskId, ({ success }) => success === index + 1);
      }
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).count).toBe(2);
      return taskId;
    },
  },
  {
    ...{ name: 'upgrades are paged', work: 'firmware', devices: 7 },
    async run(client) {
      const taskId = await client.create();
      await client.isUnderWay(taskId);
      await walk(client, taskId, 7);
      return taskId;
    },
  },
  {
    ...{ name: 'upgrades fail and are found', work: 'firmware', devices: 1 },
    async run(client) {
      const [one] = await client.connect();
      const taskId = await client.create();
      if (one !== undefined) await takeOffer(one);
      if (one !== undefined) await reportUpgrade(one, 4);
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual([one?.deviceId]);
      expect(await client.list('failed')).toEqual([taskId]);
      expect(await client.list('success')).toEqual([]);
      return taskId;
    },
  },
  {
    ...{ name: 'upgrades are tried again', work: 'firmware', devices: 1 },
    async run(client) {
      const [one] = await client.connect();
      if (one === undefined) throw new Error('It is connected.');
      const taskId = await client.create({ retries: 1 });
      await takeOffer(one);
      await reportUpgrade(one, 4);
      await client.stack.clock.advance(5 * minute);
      await takeOffer(one);
      await reportUpgrade(one, 0);
      await client.shows(taskId, isOver);
      return taskId;
    },
  },
  {
    ...{ name: 'upgrades are stopped', work: 'firmware', devices: 2 },
    async run(client) {
      const one = await client.stack.connect(at(client.devices, 0));
      const taskId = await client.create();
      await takeOffer(one);
      await client.stop(taskId);
      await client.shows(taskId, isOver);
      // Too late to change anything.
      await reportUpgrade(one, 0);
      expect((await client.rows(taskId, { state: 'Stopped' })).count).toBe(2);
      return taskId;
    },
  },
  {
    ...{ name: 'software is upgraded, fails and is filtered', work: 'software', devices: 2 },
    async run(client) {
      const [one, two] = await client.connect();
      if (one === undefined || two === undefined) throw new Error('Both are connected.');
      const taskId = await client.create();
      for (const device of [one, two]) await takeOffer(device);
      await reportUpgrade(one, 0);
      await reportUpgrade(two, 4);
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).targets).toEqual([one.deviceId]);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual([two.deviceId]);
      return taskId;
    },
  },
  {
    ...{ name: 'devices are registered from a file', work: 'registrations', devices: 1 },
    async run(client) {
      const taskId = await client.create();
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).count).toBe(2);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual([at(client.devices, 0).deviceId]);
      return taskId;
    },
  },
  {
    ...{ name: 'devices are changed from a file and paged', work: 'changes', devices: 7 },
    async run(client) {
      const taskId = await client.create();
      await client.shows(taskId, isOver);
      await walk(client, taskId, 7);
      expect(await client.list('success')).toEqual([taskId]);
      return taskId;
    },
  },
  {
    ...{ name: 'rows of a file are tried again', work: 'changes', devices: 1 },
    async run(client) {
      const taskId = await client.create({ strangers: ['late'] });
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual(['late']);
      await client.stack.given.device(client.stack.scope, { deviceId: asId<DeviceId>('late') });
      await client.retry(taskId);
      await client.shows(taskId, ({ success }) => success === 2);
      await client.shows(taskId, isOver);
      return taskId;
    },
  },
  {
    ...{ name: 'devices are located from a file and filtered', work: 'locations', devices: 3 },
    async run(client) {
      const taskId = await client.create({ strangers: ['nobody'] });
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).targets.toSorted()).toEqual(
        client.devices.map(({ deviceId }): string => deviceId).toSorted(),
      );
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual(['nobody']);
      const { store, scope } = client.stack;
      const device = await store.devices.find(scope.projectId, at(client.devices, 0).deviceId);
      expect(device?.legacy).toEqual({ location: 'hall 0' });
      return taskId;
    },
  },
  {
    ...{ name: 'devices are licensed from a file and paged', work: 'licenses', devices: 4 },
    async run(client) {
      const taskId = await client.create();
      await client.shows(taskId, isOver);
      await walk(client, taskId, 4);
      expect(await client.list('success')).toEqual([taskId]);
      const { store, scope } = client.stack;
      const device = await store.devices.find(scope.projectId, at(client.devices, 3).deviceId);
      expect(device?.legacy).toEqual({ license: 'L-3' });
      return taskId;
    },
  },
  {
    ...{ name: 'locations of a file are tried again', work: 'locations', devices: 1 },
    async run(client) {
      const taskId = await client.create({ strangers: ['late'] });
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual(['late']);
      await client.stack.given.device(client.stack.scope, { deviceId: asId<DeviceId>('late') });
      await client.retry(taskId);
      await client.shows(taskId, ({ success }) => success === 2);
      await client.shows(taskId, isOver);
      return taskId;
    },
  },
  {
    ...{ name: 'devices are deleted from a file', work: 'deletions', devices: 2 },
    async run(client) {
      const taskId = await client.create({ strangers: ['nobody'] });
      await client.shows(taskId, isOver);
      expect((await client.rows(taskId, { state: 'Success' })).count).toBe(2);
      expect((await client.rows(taskId, { state: 'Fail' })).targets).toEqual(['nobody']);
      return taskId;
    },
  },
];

describe('What is asked through either generation', () => {
  it.each(scenarios)('$name with the same outcome', async ({ name, work, devices, run }) => {
    const facts: unknown[] = [];
    for (const generation of generations) {
      const { client, wire, facts: readFacts } = await startGeneration(generation, work, devices);
      facts.push(await readFacts(await run(client)));
      expect([client.stack.errors, client.stack.stackErrors]).toEqual([[], []]);
      const file = `golden/${name.replaceAll(/\W+/g, '-')}.${generation}.txt`;
      await expect(`${JSON.stringify(wire, null, 2)}\n`).toMatchFileSnapshot(file);
    }
    const [v5, legacy] = facts;
    expect(legacy).toEqual(v5);
  });
});
