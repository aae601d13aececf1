import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { asId, type PackageId } from '../../../src/domain/ids.ts';
import { createDownloadHandler } from '../../../src/http/download/download-handler.ts';
import { addDownloadRoutes } from '../../../src/http/download/download-routes.ts';
import { createPackagesListener } from '../../../src/http/download/packages-listener.ts';
import { createHttpServer } from '../../../src/http/http-server.ts';
import { createDiskPackageStore } from '../../../src/packages-store/disk-package-store.ts';
import type { ChunkOptions, Decider } from '../../../src/ports/store/subtask-store.ts';
import { newDownloadToken } from '../../../src/services/download-token.ts';
import { createDownloads } from '../../../src/services/downloads.ts';
import { createTransfers } from '../../../src/services/transfers.ts';
import { createLog } from '../../../src/system/log.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { allDone, chunkOptions } from '../../builders/task-builders.ts';
import { testCertificate } from '../../mqtt/fixture/test-certificate.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { openTestStore } from '../../support/test-store.ts';
import { useFixture } from '../../support/use-fixture.ts';

export interface FileWish {
  readonly content?: Buffer;
  readonly fileName?: string;
}

const tokenMs = 86_400_000;

/** Both listeners over one store with real files, and the tokens that upgrades hand out. */
export async function openDownloadFixture(transfersMax = 10) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-downloads-'));
  const store = await openTestStore();
  const files = createDiskPackageStore(folder);
  await files.start();
  const clock = createManualClock();
  const log = createLog({ level: 'silent', format: 'json' });
  const transfers = createTransfers({ clock, log, transfersMax });
  const handle = createDownloadHandler(createDownloads({ store, files, clock, transfers }), log);
  const host = { clock, log, random };
  const server = createHttpServer({
    host,
    ready: () => true,
    readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    addRoutes: (app) => addDownloadRoutes(app, handle),
  });
  const plain = createPackagesListener({ handle, host });
  const secure = createPackagesListener({ handle, host, tls: testCertificate });
  const any = { host: '127.0.0.1', port: 0, setting: 'a test' };
  const ports = {
    main: (await server.listen(any)).port,
    plain: (await plain.listen(any)).port,
    secure: (await secure.listen(any)).port,
  };
  const given = createGiven(store);
  const scope = await given.scope();
  const product = await given.product(scope);

  const upload = async ({ content = Buffer.from('firmware'), fileName = 'fw-1.2.bin' }: FileWish = {}) => {
    const fresh = aPackageFile({ projectId: scope.projectId, fileName });
    const file = { ...fresh, ...(await files.put(fresh.fileId, Readable.from([content]), 2 ** 30)) };
    await store.packages.insertFile(file);
    const pkg = await given.pkg(scope, { productId: product.productId, location: { kind: 'file', file } });
    return { file, packageId: pkg.packageId };
  };

  const options: ChunkOptions = { ...chunkOptions, usesLanes: true };

  /** An upgrade task of one device that has been offered the package. */
  const offer = async (packageId: PackageId) => {
    const device = await given.device(scope, { product });
    const { token, hash } = newDownloadToken(random);
    const source = { kind: 'devices', deviceIds: [device.deviceId] } as const;
    const task = await given.task(scope, { type: 'firmwareUpgrade', source, packageId });
    const offers: Decider = {
      ...allDone,
      start: (runs) =>
        runs.map((run) => ({
          kind: 'waiting',
          step: 'upgrading',
          until: clock.now() + tokenMs,
          lane: true,
          effects: [
            {
              kind: 'grantDownload',
              grant: {
                taskNo: run.taskNo,
                seq: run.seq,
                attempt: run.attempt,
                tokenHash: hash,
                deviceId: device.deviceId,
                packageId,
                expiresAt: clock.now() + tokenMs,
              },
            },
          ],
        })),
    };
    await store.subtasks.expand(task.taskNo, { now: clock.now(), limit: 10 });
    await store.subtasks.dispatch(task.taskNo, options, offers);
    const path = `/iodm/dev/v2.0/upgradefile/applications/${scope.appId}/devices/${device.deviceId}/packages/${packageId}`;
    const command = { taskNo: task.taskNo, targets: undefined, longRunning: true } as const;
    const react = (decider: Decider) =>
      store.subtasks.react(
        {
          taskNo: task.taskNo,
          items: [{ seq: 0, attempt: undefined, from: undefined, event: { kind: 'deadline' } }],
        },
        options,
        decider,
      );
    return {
      task,
      device,
      token,
      path,
      finish: () => react(allDone),
      stop: async () => {
        await store.subtasks.command({ kind: 'stop', ...command }, options, allDone);
        while (!(await store.subtasks.sweep(task.taskNo, { options, decider: allDone, longRunning: true })).done);
      },
      deleteDevice: async () => {
        await store.devices.delete(scope.projectId, device.deviceId, clock.now());
        while (
          !(
            await store.subtasks.settleDeleted(
              () => options,
              () => allDone,
            )
          ).done
        );
      },
    };
  };

  return {
    store,
    files,
    clock,
    given,
    scope,
    transfers,
    ports,
    upload,
    offer,
    secure,
    plain,
    offered: async (wish?: FileWish) => {
      const { file, packageId } = await upload(wish);
      return { file, packageId: asId<PackageId>(packageId), ...(await offer(packageId)) };
    },
    close: async () => {
      transfers.stop();
      await Promise.all([server.close(), plain.close(), secure.close()]);
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type DownloadFixture = Awaited<ReturnType<typeof openDownloadFixture>>;

export const useDownloadFixture = (transfersMax?: number): (() => DownloadFixture) =>
  useFixture(() => openDownloadFixture(transfersMax));
