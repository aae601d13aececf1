import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/domain/device-event.ts';
import { asId, type AppId, type DeviceId, type ProductId, type ProjectId, type TaskId } from '../../src/domain/ids.ts';
import { isJsonObject } from '../../src/domain/json.ts';
import { traitsOf } from '../../src/domain/product.ts';
import type { OtaPackage } from '../../src/domain/package.ts';
import { causeOf } from '../../src/domain/problem.ts';
import type { Run, RunDevice } from '../../src/domain/run.ts';
import { type Task, type TaskTypeName, taskTypeNames } from '../../src/domain/task.ts';
import type { TaskContext, TaskType } from '../../src/ports/task-type.ts';
import { taskTypes } from '../../src/task-types/index.ts';
import { aPackage, aPackageFile, aProduct } from '../builders/catalogue-builders.ts';
import { builtAt } from '../builders/chance.ts';
import { aRunningTask } from '../builders/task-builders.ts';
import { openWorld, timers } from '../support/engine-harness.ts';
import { onlineDevices } from '../engine/use-world.ts';

const projectId = asId<ProjectId>('project');
const appId = asId<AppId>('app');
const productId = asId<ProductId>('product');

const file = aPackageFile({ projectId });
const pkg: OtaPackage = {
  ...aPackage({
    projectId,
    appId,
    productId,
    version: '2.0',
    sourceVersions: ['1.0'],
    location: { kind: 'file', file },
  }),
  productName: 'product',
  traits: traitsOf(aProduct({ projectId, appId })),
};

/** The ids of commands follow from it. */
const taskId = asId<TaskId>('6b024b81a1a92e057829e700');

const taskOf = (type: TaskTypeName, document: Task['document']): Task =>
  aRunningTask({ projectId, appId, taskId, type, document });

/** The same chance for every context, so that two calls with equal input can be compared. */
function contextOf(type: TaskType): TaskContext {
  let drawn = 0;
  const next = (): string => `id-${++drawn}`;
  return {
    task: frozen(taskOf(type.name, type.parseDocument === undefined ? undefined : type.examples[0])),
    now: builtAt,
    timers,
    random: { bytes: (count) => new Uint8Array(count), uuid: next, orderedId: next, fraction: () => 0.5 },
    pkg: frozen(pkg),
    objectUrl: undefined,
    downloadBase: 'https://muster.test:8943',
    newToken: () => ({ token: next(), hash: next() }),
    modelOf: () => undefined,
  };
}

/** A write to what a type is handed throws. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

const versionText = fc.constantFrom(undefined, '1.0', '2.0', '3.0');

const device: fc.Arbitrary<RunDevice> = fc.record({
  deviceId: fc.constant(asId<DeviceId>('device')),
  appId: fc.constant(appId),
  productId: fc.constantFrom(productId, asId<ProductId>('another')),
  rootId: fc.constantFrom(asId<DeviceId>('device'), asId<DeviceId>('gateway')),
  frozen: fc.boolean(),
  connectivity: fc.constantFrom('INACTIVE', 'ONLINE', 'OFFLINE', 'ABNORMAL'),
  fwVersion: versionText,
  swVersion: versionText,
  session: fc.constantFrom(undefined, { node: 'node-1', epoch: 3 }),
  laneTaken: fc.boolean(),
});

const run: fc.Arbitrary<Run> = fc
  .record({ seq: fc.nat(1000), attempt: fc.integer({ min: 1, max: 5 }), device: fc.option(device, { nil: undefined }) })
  .map((parts) =>
    frozen({
      ...parts,
      taskNo: 7,
      target: 'device',
      state: 'Waitting' as const,
      step: undefined,
      work: undefined,
      siblings: 0,
    }),
  );

const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constantFrom<RunEvent>(
    { kind: 'deadline' },
    { kind: 'reachable' },
    { kind: 'unreachable' },
    { kind: 'message-delivered' },
    { kind: 'message-undelivered', cause: causeOf('deviceOffline') },
    { kind: 'message-undelivered', cause: causeOf('notDelivered') },
    { kind: 'version-report' },
    { kind: 'version-report', fwVersion: '2.0', swVersion: '1.0' },
  ),
  fc.record({
    kind: fc.constant('command-reply' as const),
    reply: fc.record({ resultCode: fc.constantFrom(0, 1), body: fc.constant({}) }),
  }),
  fc.record({
    kind: fc.constant('progress-report' as const),
    report: fc.record({ resultCode: fc.constantFrom(0, 3, 42), progress: fc.integer({ min: -1, max: 101 }) }),
  }),
);

describe.each(taskTypeNames)('%s, like every task type,', (name) => {
  const type: TaskType = taskTypes[name];

  it('stands in the table under its own name and takes some source', () => {
    expect(type.name).toBe(name);
    expect(Object.values(type.accepts)).toContain(true);
    expect(type.examples.length).toBeGreaterThan(0);
  });

  it('parses its examples to documents that it parses to themselves', () => {
    for (const example of type.examples) {
      if (type.parseDocument === undefined) {
        expect(example).toBeUndefined();
        continue;
      }
      if (example === undefined) throw new Error('A type with documents has examples of them.');
      const parsed = type.parseDocument(example);
      expect(type.parseDocument(parsed)).toEqual(parsed);
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    }
  });

  it('decides about every run, in order, the same way each time, and changes nothing that it was handed', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 5 }), (runs) => {
        const verdicts = type.start(frozen(runs), contextOf(type));
        expect(verdicts).toHaveLength(runs.length);
        expect(type.start(runs, contextOf(type))).toEqual(verdicts);
      }),
    );
  });

  it('fails an unknown device with 014000, unless it makes devices', () => {
    fc.assert(
      fc.property(run, (any) => {
        const [verdict] = type.start([{ ...any, device: undefined }], contextOf(type));
        const wanted = type.createsTargets === true ? { kind: 'done' } : { kind: 'failed', cause: { code: '014000' } };
        expect(verdict).toMatchObject(wanted);
      }),
    );
  });

  it('sends only to the device of its run, through its root', () => {
    fc.assert(
      fc.property(run, (any) => {
        const [verdict] = type.start([any], contextOf(type));
        for (const downlink of verdict?.downlinks ?? []) {
          expect(downlink).toMatchObject({ deviceId: any.device?.deviceId, rootId: any.device?.rootId });
        }
      }),
    );
  });

  it('answers any event of a waiting run, ends it or gives it a deadline to come', () => {
    fc.assert(
      fc.property(run, fc.array(event, { maxLength: 8 }), (any, events) => {
        const ctx = contextOf(type);
        let [verdict] = type.start([any], ctx);
        let live = any;
        for (const [index, happened] of [...events, { kind: 'deadline' } as const].entries()) {
          if (verdict?.kind !== 'waiting') return;
          expect(verdict.until).toBeGreaterThanOrEqual(ctx.now);
          live = frozen({ ...live, state: 'Processing' as const, step: verdict.step, work: verdict.work });
          const now = happened.kind === 'deadline' ? verdict.until : ctx.now + index;
          const answer = type.onEvent(live, frozen(happened), { ...ctx, now });
          // What an event leaves unchanged waits on; a deadline must not, or the run would never end.
          if (happened.kind === 'deadline') expect(answer.kind).not.toBe('unchanged');
          if (happened.kind === 'deadline' && answer.kind === 'waiting') expect(answer.until).toBeGreaterThan(now);
          if (answer.kind !== 'unchanged') verdict = answer;
        }
      }),
    );
  });

  it('says what it has done as an object, and why it failed as a code of the contract', () => {
    fc.assert(
      fc.property(run, (any) => {
        const [verdict] = type.start([any], contextOf(type));
        if (verdict?.kind === 'done') expect(isJsonObject(JSON.parse(JSON.stringify(verdict.output)))).toBe(true);
        if (verdict?.kind === 'failed') expect(verdict.cause).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) });
      }),
    );
  });

  it(`${type.longRunning ? 'is ended' : 'is not ended'} by a stop while it runs`, async () => {
    const world = await openWorld();
    const [online] = await onlineDevices(world, 1);
    const found = await world.store.devices.find(world.scope.projectId, online);
    if (found === undefined) throw new Error('The device was not stored.');
    const stored = aPackageFile({ projectId: world.scope.projectId });
    await world.store.packages.insertFile(stored);
    const { packageId } = await world.given.pkg(world.scope, {
      productId: found.productId,
      location: { kind: 'file', file: stored },
    });
    const example = type.examples[0];
    const document = type.packageOf === undefined ? example : { package_id: packageId };
    const task = await world.run({
      type: name,
      targets: [online],
      ...(document === undefined ? {} : { document, packageId }),
    });
    const running = (await world.show(task)).states[online] === 'Processing';
    if (running) {
      await world.stop(task);
      await world.settle();
      expect((await world.show(task)).states).toEqual({ [online]: type.longRunning ? 'Stopped' : 'Processing' });
    } else {
      // Types that only touch the database are through before anybody can stop them.
      expect(type.longRunning).toBe(false);
    }
    await world.close();
  });
});
