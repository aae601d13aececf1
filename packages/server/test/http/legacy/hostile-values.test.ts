import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileValue, type Json, leavesOf, type Path, withValue } from '../../support/hostile-values.ts';
import { startGeneration } from './generations.ts';
import { command, detailsPath, operationsPath, tasksPath } from './legacy-stack.ts';

/** Every member that a body may have, each with a value of its type. */
const bodies = (deviceId: string, fileId: string): readonly (readonly [path: string, body: Json])[] => [
  [
    tasksPath,
    {
      ...{ taskName: 'hostile', taskType: 'DeviceCmd', timeout: 10, tags: [{ tagName: 'line', tagValue: '3' }] },
      param: {
        ...{ type: 'DeviceList', deviceList: [deviceId], deviceType: 'press', manufacturerId: 'acme', model: 'P1' },
        ...{
          deviceLocation: 'hall',
          groupList: ['upper'],
          command,
          callbackUrl: 'https://muster.test/',
          groupTag: 'g',
        },
        ...{ maxRetransmit: 1, fileId: 'none' },
      },
    },
  ],
  [
    `${operationsPath}/firmwareUpgrade`,
    {
      ...{ fileId, targets: { devices: [deviceId], deviceType: 'press', model: 'P1', manufacturerName: 'Acme' } },
      policy: {
        ...{ executeType: 'custom', startTime: '20990101T000000Z', endTime: '20990102T000000Z' },
        ...{ retryType: true, retryTimes: 1 },
      },
    },
  ],
];

const queries = (taskId: string): readonly (readonly [path: string, query: Readonly<Record<string, string>>])[] => [
  [tasksPath, { taskType: 'DeviceCmd', status: 'Running', taskName: 'a', pageNo: '0', pageSize: '9' }],
  [
    detailsPath,
    { taskId, status: 'Pending', index: '1', nodeId: 'n', deviceId: 'd', commandId: 'c', pageNo: '0', pageSize: '9' },
  ],
  [
    operationsPath,
    {
      ...{ operationType: 'firmware_upgrade', operationStatus: 'wait', deviceType: 'press', manufacturerName: 'Acme' },
      ...{ model: 'P1', deviceId: 'd', pageNo: '0', pageSize: '9' },
    },
  ],
];

describe('a value that no legacy client means well', () => {
  it('is taken or refused in every member of what makes tasks and operations', { timeout: 120_000 }, async () => {
    const { client, packageId } = await startGeneration('legacy', 'commands', 1);
    const [device] = client.devices;
    const { stack } = client;
    const calls = bodies(device?.deviceId ?? '', packageId);
    const property = fc.asyncProperty(fc.nat(), fc.nat(), hostileValue, async (call, field, value) => {
      const [path, body] = calls[call % calls.length] as (typeof calls)[number];
      const leaves = leavesOf(body);
      const { status, text } = await stack.ask(
        'POST',
        path,
        withValue(body, leaves[field % leaves.length] as Path, value),
      );
      expect(status, text).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: 200 });
    // What was taken is shown.
    for (const path of [tasksPath, operationsPath]) await stack.get(path);
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });

  it('is taken or refused in every filter', { timeout: 120_000 }, async () => {
    const { client } = await startGeneration('legacy', 'commands', 1);
    const { stack } = client;
    const calls = queries(await client.create());
    const property = fc.asyncProperty(fc.nat(), fc.nat(), hostileValue, async (call, field, value) => {
      const [path, query] = calls[call % calls.length] as (typeof calls)[number];
      const names = Object.keys(query);
      const hostile = { ...query, [names[field % names.length] ?? '']: String(value).toWellFormed() };
      const pairs = Object.entries(hostile).map(([name, text]) => `${name}=${encodeURIComponent(text)}`);
      const { status, text } = await stack.ask('GET', `${path}?${pairs.join('&')}`);
      // Longer than a request line may be.
      if (status !== 431 && status !== 414) expect([200, 400, 404], `${status} ${text}`).toContain(status);
    });
    await fc.assert(property, { numRuns: 200 });
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });
});
