import { createBatchFileRoutes } from './http/legacy/batch-tasks/file-routes.ts';
import { createBatchTaskRoutes } from './http/legacy/batch-tasks/routes.ts';
import { createCommandRoutes } from './http/legacy/commands/routes.ts';
import { createDeviceRoutes } from './http/legacy/devices/routes.ts';
import { createGroupRoutes } from './http/legacy/groups/routes.ts';
import { createOperationRoutes } from './http/legacy/operations/routes.ts';
import { createPackageRoutes } from './http/legacy/packages/routes.ts';
import type { LegacyRoute } from './http/legacy/route.ts';
import { createSecurityRoutes } from './http/legacy/security/routes.ts';
import { createSubscriptionRoutes } from './http/legacy/subscriptions/routes.ts';
import type { Platform } from './platform.ts';
import type { BatchFileService } from './services/batch-files.ts';
import type { BatchTaskService } from './services/batch-tasks/batch-task-service.ts';
import type { Engine } from './engine/engine.ts';
import type { DeviceLink } from './ports/device-link.ts';
import { createAppCommandService } from './services/app-commands.ts';
import { createAppDeviceService } from './services/app-devices/app-devices.ts';
import type { GroupService } from './services/groups.ts';
import { createLegacyAccess, type LegacyAccess } from './services/legacy-access/legacy-access.ts';
import { createLegacySignIn } from './services/legacy-access/legacy-sign-in.ts';
import { createLegacySubscriptionService } from './services/legacy-subscriptions.ts';
import { createLegacyBatchService } from './services/legacy-tasks/legacy-batch-service.ts';
import { createLegacyOperationService } from './services/legacy-tasks/legacy-operation-service.ts';
import type { PackageService } from './services/packages.ts';
import { createShadows } from './services/shadows.ts';

/** The second window on the same core (legacy). */
export interface LegacyApi {
  readonly routes: readonly LegacyRoute[];
  readonly access: LegacyAccess;
}

/** The use cases that v5 has, too. */
export interface SharedServices {
  readonly groups: GroupService;
  readonly packages: PackageService;
  readonly tasks: BatchTaskService;
  readonly batchFiles: BatchFileService;
}

/** The way to devices, and to the runs that wait for them. */
export interface DeviceWays {
  readonly link: DeviceLink;
  readonly collect: Engine['collect'];
}

export function createLegacyApi(platform: Platform, services: SharedServices, ways: DeviceWays): LegacyApi {
  const { store, clock, random, log, passwords, config } = platform;
  const { legacy: settings } = config;
  const { callsPerMinute, unpagedRowsMax: rowsMax } = settings;
  const { tasks } = services;
  const signIn = createLegacySignIn({ store, clock, random, passwords, settings });
  const { link, collect } = ways;
  const common = { store, clock, random, link };
  const devices = createAppDeviceService({ ...common, shadows: createShadows(common) });
  const commands = createAppCommandService({ ...common, log, collect, settings: config.taskTimers });
  return {
    access: createLegacyAccess({ store, clock, callsPerMinute }),
    routes: [
      ...createSecurityRoutes(signIn),
      ...createPackageRoutes(services.packages),
      ...createDeviceRoutes(devices, rowsMax),
      ...createGroupRoutes(services.groups, rowsMax),
      ...createCommandRoutes(commands),
      ...createSubscriptionRoutes(createLegacySubscriptionService({ store, random }), rowsMax),
      ...createBatchTaskRoutes(createLegacyBatchService({ store, tasks, clock, settings: settings.batches }), rowsMax),
      ...createBatchFileRoutes(services.batchFiles),
      ...createOperationRoutes({
        operations: createLegacyOperationService({ store, tasks, clock, settings: settings.operations }),
        now: () => clock.now(),
        spelling: settings.spelling,
        rowsMax,
      }),
    ],
  };
}
