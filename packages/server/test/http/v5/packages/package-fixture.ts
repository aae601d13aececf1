import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProjectId, asId } from '../../../../src/domain/ids.ts';
import { Problem } from '../../../../src/domain/problem.ts';
import { createHttpServer } from '../../../../src/http/http-server.ts';
import { createPackageRoutes } from '../../../../src/http/v5/packages/package-routes.ts';
import { registerMultipart } from '../../../../src/http/receive-file.ts';
import { registerV5 } from '../../../../src/http/v5/register-v5.ts';
import { createDiskPackageStore } from '../../../../src/packages-store/disk-package-store.ts';
import type { ObjectStores } from '../../../../src/ports/object-stores.ts';
import type { PackageHome } from '../../../../src/packages-store/package-home.ts';
import { createPackageService } from '../../../../src/services/packages.ts';
import { createLog } from '../../../../src/system/log.ts';
import { createRealClock } from '../../../../src/system/real-clock.ts';
import { random } from '../../../builders/chance.ts';
import { createGiven } from '../../../builders/given.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { noObjectStores } from '../../../support/no-object-stores.ts';
import { openTestStore } from '../../../support/test-store.ts';
import { useFixture } from '../../../support/use-fixture.ts';

export interface PackageFixtureOptions {
  readonly fileBytesMax?: number;
  readonly objects?: Pick<ObjectStores, 'look'>;
  /** Where uploads go; absent: a folder. */
  readonly home?: PackageHome;
}

/** The package routes on a real server with a real store and real files; the caller's name is the project's id. */
export async function openPackageFixture({
  fileBytesMax = 1_000_000,
  objects = noObjectStores,
  home,
}: PackageFixtureOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-uploads-'));
  const store = await openTestStore();
  const files = home ?? createDiskPackageStore(folder);
  await files.start();
  const clock = createManualClock();
  const log = createLog({ level: 'silent', format: 'json' });
  const packages = createPackageService({ store, files, objects, log, clock, random, fileBytesMax });
  const given = createGiven(store);
  const scope = await given.scope();
  // Whose signature does not cover the body is told so when the body has been read.
  const signature = { good: true };
  const server = createHttpServer({
    host: { log, random, clock: createRealClock() },
    ready: () => true,
    readMetrics: () => Promise.resolve({ contentType: 'text/plain', text: '' }),
    addRoutes: (app, closing) => {
      registerMultipart(app);
      registerV5(app, createPackageRoutes(packages), {
        closing,
        authenticate: ({ target }) =>
          Promise.resolve({
            caller: {
              userId: asId('tester'),
              userName: 'tester',
              domain: 'muster',
              projectId: asId<ProjectId>(target.path.split('/')[3] ?? ''),
              role: 'operator' as const,
            },
            prove: () => {
              if (!signature.good) throw new Problem('authenticationFailed');
            },
          }),
      });
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, setting: 'MUSTER_HTTP_PORT' });
  const base = `http://127.0.0.1:${port}/v5/iot/${scope.projectId}/ota-upgrades`;
  const answerOf = async (response: Response) => {
    const text = await response.text();
    return {
      status: response.status,
      requestId: response.headers.get('x-request-id'),
      body: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>,
    };
  };
  return {
    store,
    files,
    clock,
    log,
    given,
    scope,
    port,
    base,
    signature,
    call: async (method: string, path: string, body?: unknown) =>
      answerOf(
        await fetch(`${base}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    upload: async (bytes: string | Uint8Array<ArrayBuffer>, name = 'fw.bin', field = 'file') => {
      const form = new FormData();
      form.append(field, new Blob([bytes]), name);
      return answerOf(await fetch(`${base}/package-files`, { method: 'POST', body: form }));
    },
    post: async (form: FormData | string, headers: Record<string, string> = {}) =>
      answerOf(await fetch(`${base}/package-files`, { method: 'POST', headers, body: form })),
    storedFiles: async () => (await readdir(folder)).filter((name) => name !== '.incoming'),
    incomingFiles: () => readdir(join(folder, '.incoming')),
    close: async () => {
      await server.close();
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type PackageFixture = Awaited<ReturnType<typeof openPackageFixture>>;

export const usePackageFixture = (): (() => PackageFixture) => useFixture(() => openPackageFixture());
