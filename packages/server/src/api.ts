import type { FastifyInstance } from 'fastify';
import type { Engine } from './engine/engine.ts';
import { createAuthenticator } from './http/auth/create-authenticator.ts';
import { createDownloadHandler, type DownloadHandler } from './http/download/download-handler.ts';
import { addDownloadRoutes } from './http/download/download-routes.ts';
import type { ErrorDialect } from './http/error-dialect.ts';
import { legacyDialect } from './http/legacy/dialect.ts';
import { registerLegacy } from './http/legacy/register-legacy.ts';
import { addReferenceRoutes } from './http/reference/reference-routes.ts';
import { createAdminRoutes } from './http/v5/admin-routes.ts';
import { createAppRoutes, createLegacyCredentialRoutes } from './http/v5/apps/routes.ts';
import { createBatchFileRoutes } from './http/v5/batch-files/routes.ts';
import { createAsyncCommandRoutes } from './http/v5/async-commands/routes.ts';
import { createBatchTaskRoutes } from './http/v5/batch-tasks/batch-task-routes.ts';
import { createCommandRoutes } from './http/v5/commands/routes.ts';
import { createDeviceRoutes } from './http/v5/devices/routes.ts';
import { createExportRoutes } from './http/v5/exports/routes.ts';
import { createGroupRoutes } from './http/v5/groups/routes.ts';
import { createIamRoutes } from './http/v5/iam-routes.ts';
import { createMessageRoutes } from './http/v5/messages/routes.ts';
import { createModuleRoutes } from './http/v5/modules/routes.ts';
import { createPackageRoutes } from './http/v5/packages/package-routes.ts';
import { registerMultipart } from './http/receive-file.ts';
import { createBacklogPolicyRoutes, createFlowPolicyRoutes } from './http/v5/policies/routes.ts';
import { createProductRoutes } from './http/v5/products/routes.ts';
import { registerV5 } from './http/v5/register-v5.ts';
import type { V5Route } from './http/v5/route.ts';
import { createPropertyRoutes } from './http/v5/properties/routes.ts';
import { createAccessCodeRoutes, createQueueRoutes } from './http/v5/queues/routes.ts';
import { createRuleActionRoutes } from './http/v5/rules/action-routes.ts';
import { createDeliveryRoutes } from './http/v5/rules/delivery-routes.ts';
import { createRuleRoutes } from './http/v5/rules/routes.ts';
import { createShadowRoutes } from './http/v5/shadows/routes.ts';
import { createSearchRoutes } from './http/v5/search/routes.ts';
import { createTagRoutes } from './http/v5/tags/routes.ts';
import type { ProjectId } from './domain/ids.ts';
import { createLegacyApi, type SharedServices } from './legacy-api.ts';
import type { Platform } from './platform.ts';
import type { DeviceLink } from './ports/device-link.ts';
import type { PushProbe } from './ports/push-probe.ts';
import { createAuthBackoff } from './services/device-side/sign-in/auth-backoff.ts';
import { createAccountServices } from './services/accounts/account-services.ts';
import { createActionDeliveryService } from './services/action-deliveries.ts';
import { createAppService } from './services/apps.ts';
import { createTableFiles } from './files/table-files.ts';
import { createBatchFileService } from './services/batch-files.ts';
import { createAsyncCommandService } from './services/async-commands.ts';
import { createBatchTaskService } from './services/batch-tasks/batch-task-service.ts';
import { createCommandService } from './services/commands.ts';
import { createCredentials } from './services/credentials.ts';
import { createDeviceService, type DeviceService } from './services/devices.ts';
import { createReachability } from './services/device-side/reachability.ts';
import { createDownloads } from './services/downloads.ts';
import { createExportService } from './services/exports/export-service.ts';
import { createGroupService } from './services/groups.ts';
import { createLegacyCredentials } from './services/legacy-access/legacy-credentials.ts';
import { createMessageService } from './services/messages.ts';
import { createModuleService } from './services/modules.ts';
import { createPackageService, type PackageService } from './services/packages.ts';
import { createBacklogPolicyService, createFlowPolicyService } from './services/policies.ts';
import { createProductService } from './services/products.ts';
import { createPropertyService } from './services/properties.ts';
import type { ReplyBook } from './services/reply-book.ts';
import { createAccessCodeService } from './services/queues/access-codes.ts';
import { createQueueService } from './services/queues/queues.ts';
import { createRuleActionService } from './services/rule-actions.ts';
import { createRuleService } from './services/rules.ts';
import { createShadows } from './services/shadows.ts';
import { createSearchService } from './services/search.ts';
import { createTagService } from './services/tags.ts';
import { createTokens } from './services/tokens.ts';
import { createTransfers, type Transfers } from './services/transfers.ts';
import { taskTypes } from './task-types/index.ts';

export interface ApiParts {
  readonly platform: Platform;
  readonly engine: Engine;
  readonly link: DeviceLink;
  readonly replies: ReplyBook;
  /** `{base}` of download addresses; asked for at each use, because ports may be chosen at start. */
  readonly downloadBase: () => string;
  readonly probe: PushProbe;
  /** Something in the outbox is due. */
  onPushed(): void;
  /** AMQP consumers of the project that did not sign in with this key have to go. */
  onConsumersEnded(projectId: ProjectId, exceptKey: string): void;
}

/** The use cases behind HTTP, and their routes. */
export interface Api {
  readonly devices: DeviceService;
  readonly transfers: Transfers;
  readonly download: DownloadHandler;
  /** Of addresses that do not say errors as v5 does. */
  readonly dialects: readonly ErrorDialect[];
  addRoutes(app: FastifyInstance, closing: AbortSignal): void;
}

/** Transfers of packages at one time in this process; the next one is asked to come back (device 8.3). */
const transfersMax = 1000;

/** People at one address, e.g. behind one proxy, share its failures, so there may be more than of a device. */
const signInBackoff = { authFailuresPerMinute: 30, authBackoffSeconds: 60, authBackoffKeysMax: 10_000 };

export function createApi(parts: ApiParts): Api {
  const { store, clock, random, log, files, config, passwords } = parts.platform;
  const { link } = parts;
  const tokens = createTokens({
    accounts: store.accounts,
    clock,
    passwords,
    box: parts.platform.tokenBox,
    lifeMs: config.tokens.lifeMs,
    backoff: createAuthBackoff({ clock, ...signInBackoff }),
  });
  const accounts = createAccountServices({ accounts: store.accounts, clock, random, passwords });
  const authenticate = createAuthenticator(createCredentials(store.accounts, tokens), clock);
  const reachability = createReachability({ subtasks: store.subtasks, engine: () => parts.engine, clock });
  const devices = createDeviceService({ store, clock, random, link, reachability });
  const transfers = createTransfers({ clock, log, transfersMax });
  const download = createDownloadHandler(createDownloads({ store, files, clock, transfers }), log);
  const shared = {
    packages: createPackages(parts.platform),
    groups: createGroupService({ store, clock, random }),
    ...createTaskServices(parts),
  };
  const collect: Engine['collect'] = (ref, from, event) => parts.engine.collect(ref, from, event);
  const legacy = createLegacyApi(parts.platform, shared, { link, collect });
  const routes = [
    ...createIamRoutes(tokens, accounts.projects),
    ...createAdminRoutes(accounts),
    ...createDeviceRoutes(devices),
    ...resourceRoutes(parts, shared),
    ...jobRoutes(parts, shared),
  ];
  return {
    devices,
    transfers,
    download,
    dialects: [legacyDialect],
    addRoutes(app, closing) {
      registerMultipart(app);
      registerV5(app, routes, { authenticate, closing });
      registerLegacy(app, legacy.routes, legacy.access);
      addDownloadRoutes(app, download);
      addReferenceRoutes(app);
    },
  };
}

function createPackages({ store, clock, random, log, files, objects, config }: Platform): PackageService {
  const { fileBytesMax } = config.packages;
  return createPackageService({ store, clock, random, log, files, objects, fileBytesMax });
}

/** What tasks work on. */
function resourceRoutes(parts: ApiParts, { packages, groups }: SharedServices): readonly V5Route[] {
  const { platform, probe, onPushed: onDue, onConsumersEnded: onEnded } = parts;
  const { store, clock, random, config, passwords } = platform;
  const common = { store, clock, random };
  return [
    ...createAppRoutes(createAppService({ ...common, appsMax: config.apps.max })),
    ...createLegacyCredentialRoutes(createLegacyCredentials({ ...common, passwords })),
    ...createProductRoutes(createProductService({ ...common, productsMax: config.products.max })),
    ...createGroupRoutes(groups),
    ...createTagRoutes(createTagService(common)),
    ...createSearchRoutes(createSearchService(common)),
    ...createPackageRoutes(packages),
    ...createModuleRoutes(createModuleService(common)),
    ...createRuleRoutes(createRuleService(common)),
    ...createRuleActionRoutes(createRuleActionService(common)),
    ...createDeliveryRoutes(createActionDeliveryService({ ...common, probe, onDue })),
    ...createBacklogPolicyRoutes(createBacklogPolicyService(common)),
    ...createFlowPolicyRoutes(createFlowPolicyService(common)),
    ...createQueueRoutes(createQueueService(common)),
    ...createAccessCodeRoutes(createAccessCodeService({ ...common, onEnded })),
  ];
}

function createTaskServices({
  platform,
  engine,
  downloadBase,
}: ApiParts): Pick<SharedServices, 'tasks' | 'batchFiles'> {
  const { store, clock, random, config, spool } = platform;
  const tables = createTableFiles();
  const batchFiles = createBatchFileService({
    ...{ store, clock, random, spool, tables },
    types: taskTypes,
    settings: config.batchFiles,
  });
  const tasks = createBatchTaskService({
    store,
    tables,
    types: taskTypes,
    clock,
    random,
    engine,
    settings: { ...config.batch, timers: config.taskTimers, downloadBase },
  });
  return { tasks, batchFiles };
}

/** What makes devices do something. */
function jobRoutes(
  { platform, engine, link, replies }: ApiParts,
  { tasks, batchFiles }: SharedServices,
): readonly V5Route[] {
  const { store, clock, random, config } = platform;
  const collect: Engine['collect'] = (ref, from, event) => engine.collect(ref, from, event);
  return [
    ...createBatchTaskRoutes(tasks),
    ...createBatchFileRoutes(batchFiles),
    ...createExportRoutes(createExportService({ store, clock, random, lifeMs: config.exports.lifeMs })),
    ...createCommandRoutes(createCommandService({ store, link, random, replies })),
    ...createAsyncCommandRoutes(createAsyncCommandService({ store, link, clock, random, settings: config.taskTimers })),
    ...createMessageRoutes(createMessageService({ store, link, clock, random, collect })),
    ...createShadowRoutes(createShadows({ store, link, clock })),
    ...createPropertyRoutes(createPropertyService({ store, link, random, replies })),
  ];
}
