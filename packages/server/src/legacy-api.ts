import { createBatchTaskRoutes } from './http/legacy/batch-tasks/routes.ts';
import { createGroupRoutes } from './http/legacy/groups/routes.ts';
import { createOperationRoutes } from './http/legacy/operations/routes.ts';
import { createPackageRoutes } from './http/legacy/packages/routes.ts';
import type { LegacyRoute } from './http/legacy/route.ts';
import { createSecurityRoutes } from './http/legacy/security/routes.ts';
import { createSubscriptionRoutes } from './http/legacy/subscriptions/routes.ts';
import type { Platform } from './platform.ts';
import type { BatchFileService } from './services/batch-files.ts';
import type { BatchTaskService } from './services/batch-tasks/batch-task-service.ts';
import type { GroupService } from './services/groups.ts';
import { createLegacyAccess, type LegacyAccess } from './services/legacy-access/legacy-access.ts';
import { createLegacySignIn } from './services/legacy-access/legacy-sign-in.ts';
import { createLegacySubscriptionService } from './services/legacy-subscriptions.ts';
import { createLegacyBatchService } from './services/legacy-tasks/legacy-batch-service.ts';
import { createLegacyOperationService } from './services/legacy-tasks/legacy-operation-service.ts';
import type { PackageService } from './services/packages.ts';

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

export function createLegacyApi(platform: Platform, services: SharedServices): LegacyApi {
  const { store, clock, random, passwords, config } = platform;
  const { legacy: settings } = config;
  const { callsPerMinute, unpagedRowsMax: rowsMax } = settings;
  const { tasks } = services;
  const signIn = createLegacySignIn({ store, clock, random, passwords, settings });
  return {
    access: createLegacyAccess({ store, clock, callsPerMinute }),
    routes: [
      ...createSecurityRoutes(signIn),
      ...createPackageRoutes(services.packages),
      ...createGroupRoutes(services.groups, rowsMax),
      ...createSubscriptionRoutes(createLegacySubscriptionService({ store, random }), rowsMax),
      ...createBatchTaskRoutes(createLegacyBatchService({ store, tasks, clock, settings: settings.batches }), rowsMax),
      ...createOperationRoutes({
        operations: createLegacyOperationService({ store, tasks, clock, settings: settings.operations }),
        now: () => clock.now(),
        spelling: settings.spelling,
        rowsMax,
      }),
    ],
  };
}
