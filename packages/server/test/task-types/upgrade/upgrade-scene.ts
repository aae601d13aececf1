import type { ProgressReport } from '../../../src/domain/device-event.ts';
import type { Device } from '../../../src/domain/device.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { OtaPackage } from '../../../src/domain/package.ts';
import type { Product } from '../../../src/domain/product.ts';
import type { SubtaskState } from '../../../src/domain/subtask-state.ts';
import type { Task } from '../../../src/domain/task.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import type { DeviceWish } from '../../builders/given.ts';
import type { TaskWish, World } from '../../support/engine-harness.ts';

export const target = '2.0';
export const old = '1.0';

export interface UpgradeScene {
  readonly world: World;
  readonly product: Product;
  readonly pkg: OtaPackage;
  device(wish?: DeviceWish): Promise<Device>;
  /** A firmware upgrade of these devices, with the engine run until it rests. */
  upgrade(deviceIds: readonly DeviceId[], wish?: TaskWish): Promise<Task>;
  /** A device that is online, was asked, reported the old version and got the first offer. */
  offered(wish?: TaskWish): Promise<{ deviceId: DeviceId; task: Task }>;
  progress(deviceId: DeviceId, report: ProgressReport): Promise<boolean>;
  report(deviceId: DeviceId, fwVersion: string): Promise<boolean>;
  /** State, step and cause of the task's first subtask. */
  look(task: Task): Promise<Look>;
  /** Names and paras of the events that were sent since the last look. */
  events(): readonly { readonly eventType: string; readonly paras: JsonObject }[];
  eventTypes(): readonly string[];
}

export interface Look {
  readonly state: SubtaskState;
  readonly step: unknown;
  readonly output: JsonObject | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** One product with a package `2.0`, by default for any version; devices are direct ones of it. */
export async function setUpgradeScene(world: World, sourceVersions: readonly string[] = []): Promise<UpgradeScene> {
  const { given, scope, store } = world;
  const product = await given.product(scope);
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const { productId } = product;
  const pkg = await given.pkg(scope, { productId, version: target, sourceVersions, location: { kind: 'file', file } });

  const upgrade = (deviceIds: readonly DeviceId[], wish: TaskWish = {}): Promise<Task> =>
    world.run({ type: 'firmwareUpgrade', targets: deviceIds, packageId: pkg.packageId, ...wish });
  const report = (deviceId: DeviceId, fwVersion: string): Promise<boolean> =>
    world.reportVersion(deviceId, { fwVersion });
  const device = (wish: DeviceWish = {}): Promise<Device> => given.device(scope, { product, ...wish });
  const events: UpgradeScene['events'] = () => world.link.takeOf('event');

  return {
    world,
    product,
    pkg,
    device,
    upgrade,
    offered: async (wish) => {
      const { deviceId } = await device({ online: true });
      const task = await upgrade([deviceId], wish);
      await report(deviceId, old);
      world.link.take();
      return { deviceId, task };
    },
    report,
    progress: (deviceId, progress) => world.tell(deviceId, { kind: 'progress-report', report: progress }),
    look: async (task) => {
      const { subtasks } = await world.show(task);
      const [subtask] = subtasks;
      if (subtask === undefined) throw new Error('The task has no subtask.');
      const { state, output, cause } = subtask;
      return { state, step: output?.['step'], output, code: cause?.code, message: cause?.message };
    },
    events,
    eventTypes: () => events().map((event) => event.eventType),
  };
}
