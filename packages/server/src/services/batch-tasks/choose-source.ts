import { asId, type BatchFileId, type DeviceId, type GroupId } from '../../domain/ids.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { parseWhere } from '../../domain/search/parse-search.ts';
import { searchLimits } from '../../domain/search/where.ts';
import { Problem } from '../../domain/problem.ts';
import { type TargetSource, targetGroupsMax, targetsMax } from '../../domain/task.ts';
import type { TaskType } from '../../ports/task-type.ts';
import type { CreateTaskCommand } from './create-task-command.ts';

/**
 * v5 11.1: of the sources that the type supports, the first that is not empty takes effect: targets, targets_filter, document_source.
 * The rest is ignored, and so not looked at. Problems: targetsRequired, targetLimit, taskParameter.
 */
export function chooseSource(command: CreateTaskCommand, type: Pick<TaskType, 'name' | 'accepts'>): TargetSource {
  const { targets = [], documentSource = '', targetsFilter: filter = {} } = command;
  if (type.accepts.devices && targets.length > 0) return devicesOf(targets);
  if (type.accepts.groups && !isEmptyFilter(filter)) return groupsOf(filter, type.name);
  if (type.accepts.file && documentSource !== '') return { kind: 'file', fileId: asId<BatchFileId>(documentSource) };
  throw new Problem('targetsRequired', { field: 'targets' });
}

/** `{}` is an absent filter (v5 11.1), and one that names no group says no more. */
export function isEmptyFilter(filter: JsonObject | undefined): boolean {
  if (filter === undefined) return true;
  const { group_ids: groupIds, rule } = filter;
  const namesGroups = isPresent(groupIds) && !(Array.isArray(groupIds) && groupIds.length === 0);
  return !namesGroups && !isPresent(rule) && foreignMember(filter) === undefined;
}

function devicesOf(targets: readonly string[]): TargetSource {
  if (targets.length > targetsMax) throw new Problem('targetLimit', { field: 'targets' });
  // Repeats are dropped, the first wins.
  return { kind: 'devices', deviceIds: [...new Set(targets)].map((id) => asId<DeviceId>(id)) };
}

function groupsOf(filter: JsonObject, typeName: string): TargetSource {
  const { group_ids: groupIds, rule } = filter;
  const foreign = foreignMember(filter);
  if (foreign !== undefined) throw badFilter(foreign, typeName);
  if (!isPresent(rule)) return { kind: 'groups', groupIds: groupIdsOf(groupIds, typeName) };
  return {
    kind: 'groups',
    groupIds: isPresent(groupIds) ? groupIdsOf(groupIds, typeName) : [],
    rules: [ruleOf(rule, typeName)],
  };
}

function groupIdsOf(groupIds: Json | undefined, typeName: string): readonly GroupId[] {
  if (!Array.isArray(groupIds)) throw badFilter('group_ids', typeName);
  if (groupIds.length > targetGroupsMax) throw new Problem('targetLimit', { field: 'targets_filter.group_ids' });
  return [...new Set(groupIds)].map((id) => asId<GroupId>(String(id)));
}

/** The rule of a dynamic group (v5 7). Problems: invalidSql. */
function ruleOf(rule: Json | undefined, typeName: string): string {
  if (typeof rule !== 'string' || rule.length > searchLimits.characters) throw badFilter('rule', typeName);
  parseWhere(rule);
  return rule;
}

function badFilter(member: string, typeName: string): Problem {
  const field = `targets_filter.${member}`;
  return new Problem('taskParameter', { field, args: [field, typeName] });
}

/** The first member that no filter has. The filter is handed on whole, however many members it has, so it is not copied. */
function foreignMember(filter: JsonObject): string | undefined {
  return Object.keys(filter).find((key) => key !== 'group_ids' && key !== 'rule' && isPresent(filter[key]));
}

/** v5 1, Keys: null is absent, below members that are handed on whole, too. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
