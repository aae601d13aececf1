import type { TaskTypeName } from '../domain/task.ts';
import type { TaskType } from '../ports/task-type.ts';

/** The one shape of every task type; keeps its name as a literal, so that the table can tell a type in the wrong place. */
export function defineTaskType<const Name extends TaskTypeName>(type: TaskType<Name>): TaskType<Name> {
  return type;
}
