import { describe, expect, it } from 'vitest';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { traitsOf } from '../../../src/domain/product.ts';
import type { OtaPackage } from '../../../src/domain/package.ts';
import type { Run, RunDevice } from '../../../src/domain/run.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { TaskContext } from '../../../src/ports/task-type.ts';
import { firmwareUpgrade } from '../../../src/task-types/firmware-upgrade/index.ts';
import { random } from '../../builders/chance.ts';
import { aPackage, aPackageFile, aProduct } from '../../builders/catalogue-builders.ts';
import { aTask } from '../../builders/task-builders.ts';

const scope = {
  projectId: asId<ProjectId>('project'),
  appId: asId<AppId>('app'),
  productId: asId<ProductId>('press'),
};
const start = 1_000_000;
const minute = 60_000;

const location = { kind: 'file', file: aPackageFile(scope) } as const;
const pkg: OtaPackage = {
  ...aPackage({ ...scope, version: 'v2', location }),
  productName: 'Press',
  traits: traitsOf(aProduct(scope)),
};
const task = { ...aTask(scope), taskNo: 1 } as unknown as Task;

function contextAt(now: number): TaskContext {
  return {
    task,
    now,
    timers: {
      commandTimeoutMs: 20_000,
      otaOnlineTimeoutMs: 1500 * minute,
      otaVersionTimeoutMs: 3 * minute,
      otaResultTimeoutMs: 1440 * minute,
      otaMismatchGraceMs: 10_000,
      otaOffersMax: 3,
      otaTokenMs: 1440 * minute,
      asyncCommands: true,
    },
    random,
    pkg,
    objectUrl: undefined,
    downloadBase: 'http://127.0.0.1:80',
    newToken: () => ({ token: 'token', hash: 'hash' }),
    modelOf: () => undefined,
  };
}

/** A direct device; `epoch` undefined: nobody is connected. */
function device(epoch: number | undefined): RunDevice {
  return {
    deviceId: asId<DeviceId>('press_1'),
    appId: scope.appId,
    productId: scope.productId,
    rootId: asId<DeviceId>('press_1'),
    frozen: false,
    connectivity: 'ONLINE',
    fwVersion: 'v1',
    swVersion: undefined,
    session: epoch === undefined ? undefined : { node: 'node-1', epoch },
    laneTaken: false,
  };
}

function run(verdict: Verdict | undefined, of: RunDevice): Run {
  const waiting = verdict?.kind === 'waiting' ? verdict : undefined;
  return {
    taskNo: 1,
    seq: 0,
    attempt: 1,
    target: of.deviceId,
    state: waiting === undefined ? 'Waitting' : 'Processing',
    step: waiting?.step,
    work: waiting?.work,
    device: of,
    siblings: 0,
  };
}

const started = (of: RunDevice): Verdict => firmwareUpgrade.start([run(undefined, of)], contextAt(start))[0] as Verdict;

const sentEvents = (verdict: Verdict): readonly unknown[] =>
  (verdict.downlinks ?? []).map(({ content }) => (content as unknown as JsonObject)['eventType']);

describe('an upgrade whose device comes and goes', () => {
  it('is asked for its version once in the session that the dispatch has seen', () => {
    const asked = started(device(7));
    expect(sentEvents(asked)).toEqual(['version_query']);

    const news = firmwareUpgrade.onEvent(run(asked, device(7)), { kind: 'reachable' }, contextAt(start + 500));

    expect(news.kind).toBe('unchanged');
  });

  it('[device 48] is asked again in a later session, for three more minutes', () => {
    const away = firmwareUpgrade.onEvent(
      run(started(device(7)), device(undefined)),
      { kind: 'unreachable' },
      contextAt(start),
    );
    const back = firmwareUpgrade.onEvent(run(away, device(8)), { kind: 'reachable' }, contextAt(start + 60 * minute));

    expect(sentEvents(back)).toEqual(['version_query']);
    expect(back).toMatchObject({ step: 'version_query', until: start + 63 * minute });
  });

  it('does not count as away where a newer session has begun before the older one has ended', () => {
    const late = firmwareUpgrade.onEvent(run(started(device(7)), device(8)), { kind: 'unreachable' }, contextAt(start));

    expect(late.kind).toBe('unchanged');
  });

  it('is not asked where the new session has ended meanwhile', () => {
    const verdict = firmwareUpgrade.onEvent(
      run(started(device(undefined)), device(undefined)),
      { kind: 'reachable' },
      contextAt(start),
    );

    expect(verdict.kind).toBe('unchanged');
  });

  it('[device 54] waits for its return where the server died without noticing that it went', () => {
    const asked = run(started(device(7)), device(undefined));
    const verdict = firmwareUpgrade.onEvent(asked, { kind: 'deadline' }, contextAt(start + 3 * minute));

    expect(verdict).toMatchObject({ kind: 'waiting', step: 'version_query', until: start + 1500 * minute });
  });

  it('[device 49] is checked again after the offer, once per session', () => {
    const offered = firmwareUpgrade.onEvent(
      run(started(device(7)), device(7)),
      { kind: 'version-report', fwVersion: 'v1' },
      contextAt(start),
    );
    expect(sentEvents(offered)).toEqual(['firmware_upgrade']);

    const same = firmwareUpgrade.onEvent(run(offered, device(7)), { kind: 'reachable' }, contextAt(start + 500));
    const later = firmwareUpgrade.onEvent(run(offered, device(8)), { kind: 'reachable' }, contextAt(start + 1000));

    expect(same.kind).toBe('unchanged');
    expect(sentEvents(later)).toEqual(['version_query']);
  });
});
