import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { Problem } from '../../../../src/domain/problem.ts';
import type { TargetSource } from '../../../../src/domain/task.ts';
import { chooseSource } from '../../../../src/services/batch-tasks/choose-source.ts';
import { checkPolicy } from '../../../../src/services/batch-tasks/check-policy.ts';
import type { CreateTaskCommand } from '../../../../src/services/batch-tasks/create-task-command.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
const targets = fc.option(fc.array(id, { maxLength: 6 }), { nil: undefined });
const groupIds = fc.array(id, { maxLength: 6 });
const emptyFilter = fc.constantFrom<JsonObject | undefined>(undefined, {}, { group_ids: null }, { group_ids: [] });
const filter = fc.oneof(
  emptyFilter,
  groupIds.map((group_ids): JsonObject => ({ group_ids })),
);
const documentSource = fc.option(fc.oneof(fc.constant(''), id), { nil: undefined });
const accepts = fc.record({ devices: fc.boolean(), groups: fc.boolean(), file: fc.boolean() });

function commandOf(sources: Partial<CreateTaskCommand>): CreateTaskCommand {
  return {
    projectId: 'p' as CreateTaskCommand['projectId'],
    name: 'n',
    type: 'freezeDevices',
    appId: undefined,
    mode: undefined,
    needConfirm: false,
    extInfo: undefined,
    targets: undefined,
    targetsFilter: undefined,
    documentSource: undefined,
    document: undefined,
    policy: {},
    operator: 'anna',
    echo: {},
    ...sources,
  };
}

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
}

test('[v5 18, 19] of the sources that a type takes the first that is not empty counts: targets, filter, file', () => {
  const sources = fc.record({ targets, targetsFilter: filter, documentSource });
  fc.assert(
    fc.property(sources, accepts, (given, taken) => {
      const groups = (given.targetsFilter?.['group_ids'] ?? []) as readonly string[];
      const present: readonly [boolean, boolean, TargetSource['kind']][] = [
        [taken.devices, (given.targets ?? []).length > 0, 'devices'],
        [taken.groups, groups.length > 0, 'groups'],
        [taken.file, (given.documentSource ?? '') !== '', 'file'],
      ];
      const expected = present.find(([supported, filled]) => supported && filled)?.[2] ?? 'targetsRequired';
      const chosen = attempt(() => chooseSource(commandOf(given), { name: 'freezeDevices', accepts: taken }));
      expect(typeof chosen === 'string' ? chosen : chosen.kind).toBe(expected);
    }),
  );
});

test('[v5 16] repeats are dropped and the first of them keeps its place', () => {
  const all = { devices: true, groups: true, file: true };
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 20 }), (given) => {
      const devices = chooseSource(commandOf({ targets: given }), { name: 'freezeDevices', accepts: all });
      const groups = chooseSource(commandOf({ targetsFilter: { group_ids: given } }), {
        name: 'freezeDevices',
        accepts: all,
      });
      const distinct = given.filter((one, at) => given.indexOf(one) === at);
      expect(devices).toEqual({ kind: 'devices', deviceIds: distinct });
      expect(groups).toEqual({ kind: 'groups', groupIds: distinct });
    }),
  );
});

test('a filter that is ignored is not looked at, and one that counts may hold nothing but groups', () => {
  const all = { devices: true, groups: true, file: true };
  const type = { name: 'freezeDevices', accepts: all } as const;
  const foreign = fc.dictionary(id, fc.jsonValue() as fc.Arbitrary<Json>, { minKeys: 1 });
  fc.assert(
    fc.property(foreign, (members) => {
      const holdsMore = Object.entries(members).some(([key, value]) => key !== 'group_ids' && value !== null);
      const targetsFilter = { ...members, group_ids: ['g'] };
      expect(chooseSource(commandOf({ targets: ['a'], targetsFilter }), type)).toMatchObject({ kind: 'devices' });
      const chosen = attempt(() => chooseSource(commandOf({ targetsFilter }), type));
      expect(chosen).toEqual(holdsMore ? 'taskParameter' : { kind: 'groups', groupIds: ['g'] });
    }),
  );
});

test('[v5 24] retry numbers are both in range or both away, and one 0 means no retry', () => {
  const number = fc.option(fc.integer({ min: -2, max: 1500 }), { nil: undefined });
  const small = fc.option(fc.integer({ min: -2, max: 8 }), { nil: undefined });
  fc.assert(
    fc.property(fc.oneof(small, number), fc.oneof(small, number), (retryCount, retryInterval) => {
      const outside =
        (retryCount !== undefined && (retryCount < 0 || retryCount > 5)) ||
        (retryInterval !== undefined && (retryInterval < 0 || retryInterval > 1440));
      const none = retryCount === 0 || retryInterval === 0 || (retryCount === undefined && retryInterval === undefined);
      const half = !none && (retryCount === undefined || retryInterval === undefined);
      const policy = attempt(() => checkPolicy({ retryCount, retryInterval }, 0));
      if (outside || half) expect(policy).toBe('retryPolicy');
      else if (none) expect(policy).toEqual({ retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' });
      else expect(policy).toEqual({ retryCount, retryIntervalMinutes: retryInterval, onConflict: 'fail' });
    }),
  );
});
