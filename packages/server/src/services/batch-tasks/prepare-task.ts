import { columnProblem } from '../../domain/batch-file.ts';
import { type AppId, type PackageId, type ProjectId, type TaskId, asId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { OtaPackage } from '../../domain/package.ts';
import type { NewTask } from '../../domain/task.ts';
import { owningApp } from '../app-scope.ts';
import type { BatchTaskParts } from './batch-task-parts.ts';
import { type CheckedTask, checkTask } from './check-task.ts';
import type { CreateTaskCommand } from './create-task-command.ts';

/** A task with everything checked, ready to be stored or tried dry. */
export interface PreparedTask {
  readonly newTask: NewTask;
  readonly checked: CheckedTask;
  readonly pkg: OtaPackage | undefined;
}

/** All checks of v5 11.1 to 11.3 but the limit of unfinished tasks, which only the insert can decide. Stores nothing. */
export async function prepareTask(parts: BatchTaskParts, command: CreateTaskCommand): Promise<PreparedTask> {
  const now = parts.clock.now();
  const checked = checkTask(command, parts.types, now);
  const { appId: named = '', projectId } = command;
  const app = await owningApp(parts.store.apps, projectId, named === '' ? undefined : asId<AppId>(named));
  const pkg = await findPackage(parts, projectId, checked);
  await checkFile(parts, { projectId, checked, now });
  const taskId = asId<TaskId>(parts.random.orderedId());
  const { legacy } = command;
  const newTask: NewTask = {
    taskId,
    projectId,
    appId: app.appId,
    name: legacy?.namedAfterId === true ? `${command.name}_${checked.type.name}_${taskId}` : command.name,
    type: checked.type.name,
    document: checked.document,
    source: checked.source,
    echo: checked.echo,
    gatewayMode: command.mode === 'GATEWAY',
    needConfirm: command.needConfirm,
    extInfo: command.extInfo,
    policy: checked.policy,
    createdAt: now,
    operator: command.operator,
    ...(legacy === undefined ? {} : { legacy: legacy.origin }),
  };
  return { newTask, checked, pkg };
}

/** Problems: packageNotFound, packageTypeMismatch (v5 11.3). */
async function findPackage(
  { store }: BatchTaskParts,
  projectId: ProjectId,
  { type, document }: CheckedTask,
): Promise<OtaPackage | undefined> {
  if (type.packageOf === undefined || document === undefined) return undefined;
  const { packageId, packageType } = type.packageOf(document);
  const field = 'document.package_id';
  const pkg = await store.packages.find(projectId, asId<PackageId>(packageId));
  if (pkg === undefined) throw new Problem('packageNotFound', { field });
  if (pkg.type !== packageType) throw new Problem('packageTypeMismatch', { field });
  return pkg;
}

/** v5 12: the columns are checked when a task is made of the file. Problems: batchFileNotFound, batchFileContent. */
async function checkFile(
  { store }: BatchTaskParts,
  { projectId, checked, now }: { projectId: ProjectId; checked: CheckedTask; now: number },
): Promise<void> {
  const { source, type } = checked;
  if (source.kind !== 'file' || type.file === undefined) return;
  const field = 'document_source';
  const file = await store.batchFiles.find(projectId, source.fileId, now);
  if (file === undefined) throw new Problem('batchFileNotFound', { field });
  const problem = columnProblem(file.columns, type.file);
  if (problem !== undefined) throw new Problem('batchFileContent', { field, args: [problem] });
}
