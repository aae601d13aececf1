import type { OtaPackage } from '../domain/package.ts';
import { asId, type PackageId } from '../domain/ids.ts';
import type { Task, TaskNo, TaskTypeName } from '../domain/task.ts';
import type { ChunkOptions, Decider, RunFacts } from '../ports/store/subtask-store.ts';
import type { SignedUrl, TaskContext, TaskType } from '../ports/task-type.ts';
import type { EngineParts } from './engine.ts';
import { createObjectUrls } from './object-urls.ts';

/** A task type made ready to decide about the runs of one task. */
export interface Frame {
  readonly decider: Decider;
  readonly longRunning: boolean;
  options(limit?: number): ChunkOptions;
}

export interface Frames {
  ofTask(task: Task): Promise<Frame>;
  /** Undefined: no such task (any more). */
  findByNo(taskNo: TaskNo): Promise<Frame | undefined>;
  /** The package is looked up again: that of a finished task may be gone when it is retried (device 7.2 rule 26). */
  renewByNo(taskNo: TaskNo): Promise<Frame | undefined>;
  /** For what needs no package: undoing what waits. */
  ofType(type: TaskTypeName): Frame;
}

const subjectsMax = 1000;

/** What never changes about a task while it is unfinished: its type and its package. */
interface Subject {
  readonly type: TaskTypeName;
  readonly pkg: OtaPackage | undefined;
}

/** Subjects are kept; a bounded number of them. */
export function createFrames(parts: EngineParts): Frames {
  const known = new Map<TaskNo, Subject>();
  const urls = createObjectUrls(parts, parts.settings.timers.otaTokenMs);

  async function subjectOf(task: Task): Promise<Subject> {
    const subject = { type: task.type, pkg: await findPackage(parts, task) };
    if (known.size >= subjectsMax) known.clear();
    known.set(task.taskNo, subject);
    return subject;
  }

  const frame = async ({ type, pkg }: Subject): Promise<Frame> =>
    frameOf(parts, type, { pkg, url: await urls.of(pkg) });

  async function findByNo(taskNo: TaskNo): Promise<Frame | undefined> {
    const cached = known.get(taskNo);
    if (cached !== undefined) return frame(cached);
    const task = await parts.store.tasks.findByNo(taskNo);
    return task === undefined ? undefined : frame(await subjectOf(task));
  }

  return {
    ofTask: async (task) => frame(known.get(task.taskNo) ?? (await subjectOf(task))),
    findByNo,
    renewByNo(taskNo) {
      known.delete(taskNo);
      return findByNo(taskNo);
    },
    ofType: (type) => frameOf(parts, type, { pkg: undefined, url: undefined }),
  };
}

async function findPackage({ types, store }: EngineParts, task: Task): Promise<OtaPackage | undefined> {
  const type: TaskType = types[task.type];
  if (type.packageOf === undefined || task.document === undefined) return undefined;
  const { packageId } = type.packageOf(task.document);
  return store.packages.find(task.projectId, asId<PackageId>(packageId));
}

interface Material {
  readonly pkg: OtaPackage | undefined;
  readonly url: SignedUrl | undefined;
}

function frameOf(parts: EngineParts, name: TaskTypeName, { pkg, url }: Material): Frame {
  const type: TaskType = parts.types[name];
  const { settings, clock } = parts;
  const contextOf = (facts: RunFacts): TaskContext => ({
    task: facts.task,
    now: clock.now(),
    timers: settings.timers,
    random: parts.random,
    pkg,
    objectUrl: url,
    downloadBase: parts.downloadBase(),
    newToken: parts.newToken,
    modelOf: facts.modelOf,
  });
  return {
    longRunning: type.longRunning,
    options: (limit = settings.chunkSize) => ({
      now: clock.now(),
      limit,
      retryMinuteMs: settings.retryMinuteMs,
      usesModels: type.usesModels,
      usesLanes: type.upgradeOptions,
      order: type.order,
      readRow: type.file?.readRow,
      createsTargets: type.createsTargets === true,
    }),
    decider: {
      start: (runs, facts) => type.start(runs, contextOf(facts)),
      onEvent(runs, events, facts) {
        const context = contextOf(facts);
        // Runs and events have the same order and length.
        return runs.map((run, index) => type.onEvent(run, events[index] ?? { kind: 'deadline' }, context));
      },
      abandon(runs, facts) {
        const context = contextOf(facts);
        return runs.map((run) => type.onAbandon?.(run, context) ?? []);
      },
    },
  };
}
