import { type DeviceId, type PackageId, asId } from '../domain/ids.ts';
import type { PackageFile } from '../domain/package.ts';
import { lastMarker } from '../domain/paging.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { PackageStore } from '../ports/package-store.ts';
import type { PackageMetaStore } from '../ports/store/catalogue-stores.ts';
import type { SubtaskStore } from '../ports/store/subtask-store.ts';
import type { TaskStore } from '../ports/store/task-store.ts';
import { hashOfToken } from './download-token.ts';
import type { Transfer, Transfers } from './transfers.ts';

export interface DownloadRequest {
  /** Undefined where the request carries none. */
  readonly token: string | undefined;
  readonly deviceId: string;
  readonly packageId: string;
}

/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a good token opens. */
export interface Download {
  readonly file: PackageFile;
  /** Problems: packageNotFound (file gone), notReady (too many transfers). */
  begin(range: ByteRange): Promise<Transfer>;
}

export interface Downloads {
  /**
   * Device 8.3. Problems: authenticationFailed (token missing, unknown, expired, revoked), tokenForbidden (of another device or
   * package), packageNotFound (file gone).
   */
  authorize(request: DownloadRequest): Promise<Download>;
}

export interface DownloadParts {
  readonly store: {
    readonly subtasks: Pick<SubtaskStore, 'findGrant' | 'list'>;
    readonly tasks: Pick<TaskStore, 'findByNo'>;
    readonly packages: Pick<PackageMetaStore, 'find'>;
  };
  readonly files: PackageStore;
  readonly clock: Clock;
  readonly transfers: Transfers;
}

type Grant = NonNullable<Awaited<ReturnType<SubtaskStore['findGrant']>>>;

/** Hands packages to devices that hold a token for them (device 8). */
export function createDownloads(parts: DownloadParts): Downloads {
  return {
    authorize: async ({ token, deviceId, packageId }) => {
      const now = parts.clock.now();
      const hash = token === undefined ? undefined : hashOfToken(token);
      const grant = hash === undefined ? undefined : await parts.store.subtasks.findGrant(hash, now);
      if (hash === undefined || grant === undefined) throw new Problem('authenticationFailed');
      if (grant.deviceId !== deviceId || grant.packageId !== packageId) throw new Problem('tokenForbidden');
      const file = await findFile(parts, grant);
      return { file, begin: (range) => begin(parts, { grant, hash, now, file, range }) };
    },
  };
}

async function findFile({ store, files }: DownloadParts, grant: Grant): Promise<PackageFile> {
  const pkg = await store.packages.find(grant.projectId, asId<PackageId>(grant.packageId));
  if (pkg === undefined || pkg.location.kind !== 'file') throw new Problem('packageNotFound');
  const { file } = pkg.location;
  if (!(await files.has(file.fileId))) throw new Problem('packageNotFound');
  return file;
}

interface Beginning {
  readonly grant: Grant;
  readonly hash: string;
  /** When the token was found good: its expiry later does not end what it has begun. */
  readonly now: number;
  readonly file: PackageFile;
  readonly range: ByteRange;
}

async function begin(parts: DownloadParts, { grant, hash, now, file, range }: Beginning): Promise<Transfer> {
  const transfer = await parts.transfers.begin({
    length: range.end - range.start + 1,
    open: () => parts.files.read(file.fileId, range),
    isWithdrawn: async () =>
      (await parts.store.subtasks.findGrant(hash, now)) === undefined && (await endedByOthers(parts, grant)),
  });
  if (transfer === undefined) throw new Problem('packageNotFound');
  return transfer;
}

const page = { limit: 1, marker: lastMarker, offset: 0 };
/** What a run whose device was deleted ends with (v5 13.6). */
const deviceGone = new Problem('deviceNotFound').code;

/** Device 8.2: a transfer under way survives the end of its subtask, unless that was a stop or a deletion. */
async function endedByOthers({ store }: DownloadParts, { run, deviceId }: Grant): Promise<boolean> {
  const task = await store.tasks.findByNo(run.taskNo);
  if (task === undefined) return true;
  const { items } = await store.subtasks.list(task, { target: targetOf(deviceId) }, page);
  const [subtask] = items;
  if (subtask === undefined || subtask.state === 'Stopped' || subtask.state === 'Removed') return true;
  return subtask.cause?.code === deviceGone;
}

/** Upgrade tasks name their targets by device id. */
const targetOf = (deviceId: DeviceId): string => deviceId;
