import type { ErrorScene, Provocation } from './provocation.ts';

const nobody = 'f0'.repeat(12);

const task = ({ call, device }: ErrorScene, over: Readonly<Record<string, unknown>>) =>
  call('POST', '/batchtasks', {
    ...{ task_name: 'task', task_type: 'freezeDevices', targets: [device.deviceId] },
    ...over,
  });
const upgrade = { task_type: 'firmwareUpgrade' };

/** v5 10 to 12. */
export const taskErrors: readonly Provocation[] = [
  { error: '404 014550', of: ({ call }) => call('GET', `/batchtasks/${nobody}`) },
  { error: '403 014551', of: ({ call, objects }) => call('POST', `/batchtasks/${objects['task_id']}/stop`) },
  { error: '400 014553', of: (scene) => task(scene, { task_policy: { schedule_time: '20200101T000000Z' } }) },
  { error: '400 014554', of: (scene) => task(scene, { task_policy: { retry_count: 3 } }) },
  { error: '400 014555', of: (scene) => task(scene, { task_mode: 'GATEWAY' }) },
  { error: '400 014556', of: (scene) => task(scene, { targets: [] }) },
  { error: '400 014557', of: (scene) => task(scene, { targets: Array.from({ length: 30_001 }, (_, n) => `d${n}`) }) },
  { error: '400 014559', of: (scene) => task(scene, { task_type: 'moduleUpgrade' }) },
  {
    error: '403 014562',
    of: async ({ call, api, scope }) => {
      const { taskId, taskNo } = await api.given.task(scope, { policy: later });
      await api.store.subtasks.expand(taskNo, { now: api.clock.now(), limit: 10 });
      return call('POST', `/batchtasks/${taskId}/confirm`);
    },
  },
  { error: '404 014580', of: ({ call }) => call('GET', `/ota-upgrades/packages/${nobody}`) },
  { error: '400 014580', of: (scene) => task(scene, { ...upgrade, document: { package_id: nobody } }) },
  {
    error: '400 014581',
    of: async (scene) => {
      const { packageId } = await scene.api.given.pkg(scene.scope, { type: 'softwarePackage' });
      return task(scene, { ...upgrade, document: { package_id: packageId } });
    },
  },
  {
    error: '400 014583',
    of: async (scene) => {
      const { productId } = await scene.api.given.pkg(scene.scope, { version: '1' });
      return createPackage(scene, { product_id: productId });
    },
  },
  {
    error: '403 014584',
    of: async ({ api, call, scope }) => {
      const { packageId } = await api.given.pkg(scope);
      await api.given.task(scope, { packageId });
      return call('DELETE', `/ota-upgrades/packages/${packageId}`);
    },
  },
  { error: '404 014585', of: ({ call }) => call('GET', `/ota-upgrades/modules/${nobody}`) },
  {
    error: '400 014585',
    of: (scene) => createPackage(scene, { package_type: 'modulePackage', module_name: 'nothing' }),
  },
  {
    error: '400 014586',
    of: async (scene) => {
      await createModule(scene, 'twice');
      return createModule(scene, 'twice');
    },
  },
  {
    error: '403 014587',
    of: async (scene) => {
      for (let n = 1; n <= 10; n += 1) await createModule(scene, `m${n}`);
      return createModule(scene, 'm11');
    },
  },
  {
    error: '400 014588',
    of: (scene) => createPackage(scene, { file_location: { local_location: { file_id: nobody } } }),
  },
  {
    error: '403 014589',
    of: async ({ api, call, scope }) => {
      const { productId, name, moduleId } = await api.given.module(scope);
      await api.given.pkg(scope, { productId, type: 'modulePackage', moduleName: name });
      return call('DELETE', `/ota-upgrades/modules/${moduleId}`);
    },
  },
  { error: '404 014600', of: ({ call }) => call('DELETE', `/batchtask-files/${nobody}`) },
  {
    error: '400 014600',
    of: (scene) => task(scene, { task_type: 'createDevices', targets: undefined, document_source: nobody }),
  },
  {
    error: '400 014602',
    of: async ({ api }) => {
      await api.upload(batchFiles, 'twice.csv', 'device_id\na\n');
      return api.upload(batchFiles, 'twice.csv', 'device_id\na\n');
    },
  },
  {
    error: '403 014650',
    of: async ({ api }) => {
      for (let n = 1; n <= 10; n += 1) await api.upload(batchFiles, `${n}.csv`, 'device_id\na\n');
      return api.upload(batchFiles, '11.csv', 'device_id\na\n');
    },
  },
  { error: '400 014651', of: ({ api }) => api.upload(batchFiles, 'a.xls', 'device_id\na\n') },
  { error: '400 014652', of: ({ api }) => api.upload(batchFiles, 'empty.csv', 'device_id\n') },
];

const batchFiles = '/batchtask-files';

const later = { startAt: 4_000_000_000_000, retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' } as const;

const createModule = ({ call, scope, product }: ErrorScene, module_name: string) =>
  call('POST', '/ota-upgrades/modules', { app_id: scope.appId, product_id: product.productId, module_name });

/** With a file of its own, unless `over` says otherwise. */
async function createPackage({ api, call, scope, product }: ErrorScene, over: Readonly<Record<string, unknown>>) {
  const file = (await api.upload('/ota-upgrades/package-files', 'fw.bin', 'firmware')).json as { file_id: string };
  return call('POST', '/ota-upgrades/packages', {
    ...{ app_id: scope.appId, product_id: product.productId, package_type: 'firmwarePackage', version: '1' },
    file_location: { local_location: { file_id: file.file_id } },
    ...over,
  });
}
