import { noCounters } from '../../domain/counters.ts';
import { noTimeFailures } from '../../domain/time-cause.ts';
import { type DeviceId, type RecordId, asId } from '../../domain/ids.ts';
import { readCells } from '../../domain/batch-file.ts';
import { type JudgedRow, judgeRow, withoutRow } from '../../domain/judge-row.ts';
import { type Cause, causeOf, Problem } from '../../domain/problem.ts';
import type { Run } from '../../domain/run.ts';
import type { Task } from '../../domain/task.ts';
import type { DeviceFacts } from '../../ports/store/device-store.ts';
import type { GroupWalk } from '../../ports/store/dry-run-store.ts';
import type { TaskContext } from '../../ports/task-type.ts';
import type { BatchTaskParts } from './batch-task-parts.ts';
import { type DryRunReport, type Finding, ReportBuilder, failedReport } from './dry-run-report.ts';
import { judgeTargets } from './judge-targets.ts';
import { TaskOutlook } from './outlook.ts';
import type { PreparedTask } from './prepare-task.ts';

const chunkSize = 1000;

/** v5 11.6: what the task would meet now; stores nothing, and looks at a chunk at a time. Problems: unfinishedTaskLimit. */
export async function dryRun(parts: BatchTaskParts, prepared: PreparedTask): Promise<DryRunReport> {
  const { projectId, type, source } = prepared.newTask;
  if (await parts.store.dryRun.isFull(projectId, parts.settings.unfinishedTasksMax)) {
    throw new Problem('unfinishedTaskLimit');
  }
  const builder = new ReportBuilder();
  const outlook = new TaskOutlook(parts.store.dryRun, projectId, builder);
  const report = (): DryRunReport => {
    outlook.finish();
    return builder.report(type);
  };
  let seq = 0;
  const judge = async (deviceIds: readonly DeviceId[]): Promise<void> => {
    await judgeChunk(parts, prepared, { deviceIds, firstSeq: seq, outlook });
    seq += deviceIds.length;
  };
  if (source.kind === 'devices') {
    for (const chunk of chunksOf(source.deviceIds)) await judge(chunk);
    return report();
  }
  if (source.kind === 'file') {
    for await (const rows of judgedRows(parts, prepared)) await judgeRows(parts, prepared, { rows, outlook });
    return report();
  }
  const resolved = await parts.store.dryRun.resolveGroups(projectId, source);
  if ('unknown' in resolved) {
    const message = `The device group ${resolved.unknown} does not exist.`;
    return failedReport(type, { code: causeOf('groupNotFound').code, message });
  }
  for await (const chunk of membersOf(parts, resolved)) await judge(chunk);
  return seq === 0 ? failedReport(type, { code: undefined, message: 'no device matches' }) : report();
}

function* chunksOf(deviceIds: readonly DeviceId[]): Generator<readonly DeviceId[]> {
  for (let from = 0; from < deviceIds.length; from += chunkSize) yield deviceIds.slice(from, from + chunkSize);
}

async function* membersOf({ store }: BatchTaskParts, walk: GroupWalk): AsyncGenerator<readonly DeviceId[]> {
  for (let at = 0; at < walk.groups.length; at++) {
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: Awaited<ReturnType<typeof store.dryRun.listMembers>> = await store.dryRun.listMembers(walk, {
        at,
        after,
        limit: chunkSize,
      });
      if (page.deviceIds.length > 0) yield page.deviceIds;
      after = page.last;
    }
  }
}

/** The rows of the file in steps. What is known of earlier ones is bounded by the rows that a file may have. */
async function* judgedRows(
  { store, clock }: BatchTaskParts,
  { newTask, checked }: PreparedTask,
): AsyncGenerator<readonly JudgedRow[]> {
  const { source, projectId } = newTask;
  const { file: format } = checked.type;
  if (source.kind !== 'file' || format === undefined) return;
  const file = await store.batchFiles.find(projectId, source.fileId, clock.now());
  if (file === undefined) throw new Problem('batchFileNotFound', { field: 'document_source' });
  const rowNoOf = new Map<string, number>();
  let firstSeq = 0;
  for (;;) {
    const rows = await store.batchFiles.listRows(source.fileId, firstSeq, chunkSize);
    yield rows.map(({ rowNo, cells }) => judgeRow(rowNo, readCells(file.columns, cells, format.readRow), rowNoOf));
    firstSeq += rows.length;
    if (rows.length < chunkSize) return;
  }
}

/** Good rows as their type would start them, the others with what is wrong with them. */
async function judgeRows(
  parts: BatchTaskParts,
  prepared: PreparedTask,
  { rows, outlook }: { readonly rows: readonly JudgedRow[]; readonly outlook: TaskOutlook },
): Promise<void> {
  const { checked, newTask } = prepared;
  const facts = await parts.store.devices.readFacts(newTask.projectId, {
    deviceIds: rows.map(({ target }) => asId<DeviceId>(target)),
    usesModels: checked.type.usesModels,
  });
  const good = rows.flatMap(({ target, reading, cause }, index): readonly Run[] => {
    if (cause !== undefined || reading.kind === 'bad') return [];
    return [{ ...runOf(target, index, facts.devices[index]), fields: reading.fields }];
  });
  const judged = judgeTargets(checked.type, good, contextOf(parts, prepared, facts));
  const found = new Map(good.map(({ seq }, index) => [seq, judged[index]]));
  await outlook.add(
    rows.map(({ rowNo, target, cause }, index) => {
      // The sentence tells no row, so that rows with the same slip are one reason; the samples tell them.
      if (cause !== undefined) return { sample: `row ${rowNo}`, finding: badRow(cause), effects: [] };
      return { sample: target, finding: undefined, effects: [], ...found.get(index) };
    }),
  );
}

const badRow = (cause: Cause): Finding => ({ severity: 'error', cause: withoutRow(cause) });

interface Chunk {
  readonly deviceIds: readonly DeviceId[];
  readonly firstSeq: number;
  readonly outlook: TaskOutlook;
}

async function judgeChunk(parts: BatchTaskParts, prepared: PreparedTask, chunk: Chunk): Promise<void> {
  const { newTask, checked } = prepared;
  const { deviceIds, firstSeq, outlook } = chunk;
  const { usesModels } = checked.type;
  const facts = await parts.store.devices.readFacts(newTask.projectId, { deviceIds, usesModels });
  const runs = deviceIds.map((target, index): Run => runOf(target, firstSeq + index, facts.devices[index]));
  const judged = judgeTargets(checked.type, runs, contextOf(parts, prepared, facts));
  await outlook.add(judged.map((target, index) => ({ sample: deviceIds[index] ?? '', ...target })));
}

const runOf = (target: string, seq: number, device: Run['device']): Run => ({
  taskNo: 0,
  seq,
  attempt: 1,
  target,
  state: 'Waitting',
  step: undefined,
  work: undefined,
  fields: undefined,
  device,
  siblings: 0,
});

function contextOf(
  { clock, random, settings }: BatchTaskParts,
  { newTask, pkg }: PreparedTask,
  facts: DeviceFacts,
): TaskContext {
  return {
    task: unstoredTask(newTask),
    now: clock.now(),
    timers: settings.timers,
    random,
    pkg,
    downloadBase: settings.downloadBase(),
    // Nothing is offered to any device, so there is nothing to open.
    objectUrl: undefined,
    newToken: () => ({ token: '', hash: '' }),
    modelOf: (device) => facts.modelOf(device),
  };
}

function unstoredTask({ source, ...newTask }: PreparedTask['newTask']): Task {
  return {
    ...newTask,
    sourceKind: source.kind,
    taskNo: 0,
    recordId: asId<RecordId>(newTask.taskId),
    status: 'Processing',
    counters: noCounters,
    timeFailures: noTimeFailures,
    startedAt: undefined,
    finishedAt: undefined,
    revision: 1,
    expanded: true,
    confirmed: true,
    stopped: false,
    setupFailure: undefined,
    commonestCause: undefined,
  };
}
