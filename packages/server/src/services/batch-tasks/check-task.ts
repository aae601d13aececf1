import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import type { TargetSource, TaskPolicy, TaskTypeName } from '../../domain/task.ts';
import type { TaskType, TaskTypeTable } from '../../ports/task-type.ts';
import { checkPolicy } from './check-policy.ts';
import { chooseSource, isEmptyFilter } from './choose-source.ts';
import type { CreateTaskCommand } from './create-task-command.ts';

/** What a command comes to once everything is checked that needs no look at what is stored. */
export interface CheckedTask {
  readonly type: TaskType;
  readonly source: TargetSource;
  readonly document: JsonObject | undefined;
  readonly policy: TaskPolicy;
  readonly echo: JsonObject;
}

const extInfoCharsMax = 512;

/**
 * v5 11.1 to 11.3, in this order: task_type, sources, options, document, policy. Problems: taskTypeUnsupported, targetsRequired,
 * targetLimit, taskParameter, invalidTime, scheduleTime, retryPolicy, and what the type's document rules throw.
 */
export function checkTask(command: CreateTaskCommand, types: TaskTypeTable, now: number): CheckedTask {
  const type = typeOf(command.type, types);
  const { legacy } = command;
  const source = legacy?.groups ? ({ kind: 'groups', ...legacy.groups } as const) : chooseSource(command, type);
  checkOptions(command, type);
  const document = checkDocument(command.document, type);
  const policy = legacy?.policy ?? checkPolicy(command.policy, now);
  return { type, source, document, policy, echo: echoOf(command, { source, document }) };
}

function typeOf(name: string, types: TaskTypeTable): TaskType {
  if (!isTypeName(name, types)) throw new Problem('taskTypeUnsupported', { field: 'task_type', args: [name] });
  return types[name];
}

/** v5 11.2: names that come with a later version are as unknown as any other. */
export function isTypeName(name: string, types: TaskTypeTable): name is TaskTypeName {
  return Object.hasOwn(types, name);
}

/** task_mode, task_ext_info, need_confirm and on_conflict are for upgrades alone (v5 11.1). */
function checkOptions({ mode, extInfo, needConfirm, policy }: CreateTaskCommand, type: TaskType): void {
  const refuse = (field: string): never => {
    throw badParameter(field, type);
  };
  if (mode !== undefined && (!type.upgradeOptions || mode !== 'GATEWAY')) refuse('task_mode');
  if (needConfirm && !type.upgradeOptions) refuse('need_confirm');
  if (policy.onConflict === 'queue' && !type.upgradeOptions) refuse('task_policy.on_conflict');
  if (extInfo === undefined) return;
  if (!type.upgradeOptions || [...JSON.stringify(extInfo)].length > extInfoCharsMax) refuse('task_ext_info');
}

function checkDocument(document: JsonObject | undefined, type: TaskType): JsonObject | undefined {
  if (type.parseDocument === undefined) {
    if (document !== undefined && Object.keys(document).length > 0) throw badParameter('document', type);
    return undefined;
  }
  if (document === undefined) throw badParameter('document', type);
  try {
    return type.parseDocument(document);
  } catch (error) {
    throw problemOfDocument(error, type);
  }
}

/** v5 11.1: an ill-formed document is 014555, whatever the single-device call of the same body would answer. */
function problemOfDocument(error: unknown, type: TaskType): unknown {
  if (!(error instanceof Problem) || error.problem !== 'invalidInput') return error;
  const { field } = error;
  if (field === undefined) return badParameter('document', type);
  return badParameter(field === 'document' || field.startsWith('document.') ? field : `document.${field}`, type);
}

const badParameter = (field: string, type: TaskType): Problem =>
  new Problem('taskParameter', { field, args: [field, type.name] });

/** As sent, without what counts as absent. `targets` stand with the task; they are kept here only where another source won. */
function echoOf(command: CreateTaskCommand, checked: Pick<CheckedTask, 'source' | 'document'>): JsonObject {
  const { targets_filter: filter, document, ...rest } = command.echo;
  const { targets = [] } = command;
  return {
    ...rest,
    ...(filter === undefined || isEmptyFilter(command.targetsFilter) ? {} : { targets_filter: filter }),
    ...(document === undefined || checked.document === undefined ? {} : { document }),
    ...(targets.length > 0 && checked.source.kind !== 'devices' ? { targets: [...new Set(targets)] } : {}),
  };
}
