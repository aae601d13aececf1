import { firstTables } from './0001-first-tables.ts';
import { firstTablesOfPostgres } from './0001-first-tables.postgres.ts';
import { nodes, nodesOfPostgres } from './0002-nodes.ts';
import { waitingAndLeft } from './0003-waiting-and-left.ts';
import { messagesInOrder } from './0004-messages-in-order.ts';
import { batchFiles, batchFilesOfPostgres } from './0005-batch-files.ts';
import { deviceTags, deviceTagsOfPostgres } from './0006-device-tags.ts';
import { asyncCommands, asyncCommandsOfPostgres } from './0007-async-commands.ts';
import { exports, exportsOfPostgres } from './0008-exports.ts';
import { packageFileStates, packageFileStatesOfPostgres } from './0009-package-file-states.ts';
import { deviceCounts, deviceCountsOfPostgres } from './0011-device-counts.ts';
import { otaModules, otaModulesOfPostgres } from './0012-ota-modules.ts';
import { queues, queuesOfPostgres } from './0013-queues.ts';
import { pushPolicies, pushPoliciesOfPostgres } from './0014-push-policies.ts';
import { legacyAccess, legacyAccessOfPostgres } from './0015-legacy-access.ts';
import { productTraits, productTraitsOfPostgres } from './0016-product-traits.ts';
import { groupQuotas, groupQuotasOfPostgres } from './0017-group-quotas.ts';
import { legacyAttributes, legacyAttributesOfPostgres } from './0018-legacy-attributes.ts';
import { putOffMessages } from './0019-put-off-messages.ts';
import { legacyPushes, legacyPushesOfPostgres } from './0020-legacy-pushes.ts';
import { taskEnds, taskEndsOfPostgres } from './0021-task-ends.ts';
import { legacyCommands, legacyCommandsOfPostgres } from './0022-legacy-commands.ts';
import { tasksByApplication } from './0023-tasks-by-application.ts';
import { pagesOfOperations, pagesOfOperationsOfPostgres } from './0024-pages-of-operations.ts';
import { ownedBatchFiles, ownedBatchFilesOfPostgres } from './0025-owned-batch-files.ts';
import { formerPackages, formerPackagesOfPostgres } from './0026-former-packages.ts';

/** Immutable once released: what was applied is remembered with its checksum. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: { readonly sqlite: string; readonly postgres: string };
  /**
   * The oldest schema whose code still works on this one. Nodes of the version before run on while the first of the new ones migrates,
   * so a migration only adds; what it makes superfluous goes with a later one.
   */
  readonly worksWith: number;
}

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'first-tables',
    sql: { sqlite: firstTables, postgres: firstTablesOfPostgres },
    worksWith: 1,
  },
  { number: 2, name: 'nodes', sql: { sqlite: nodes, postgres: nodesOfPostgres }, worksWith: 1 },
  // PostgreSQL had both so from the beginning.
  { number: 3, name: 'waiting-and-left', sql: { sqlite: waitingAndLeft, postgres: '' }, worksWith: 1 },
  { number: 4, name: 'messages-in-order', sql: { sqlite: messagesInOrder, postgres: '' }, worksWith: 1 },
  { number: 5, name: 'batch-files', sql: { sqlite: batchFiles, postgres: batchFilesOfPostgres }, worksWith: 1 },
  { number: 6, name: 'device-tags', sql: { sqlite: deviceTags, postgres: deviceTagsOfPostgres }, worksWith: 1 },
  {
    number: 7,
    name: 'async-commands',
    sql: { sqlite: asyncCommands, postgres: asyncCommandsOfPostgres },
    worksWith: 1,
  },
  { number: 8, name: 'exports', sql: { sqlite: exports, postgres: exportsOfPostgres }, worksWith: 1 },
  {
    number: 9,
    name: 'package-file-states',
    sql: { sqlite: packageFileStates, postgres: packageFileStatesOfPostgres },
    worksWith: 1,
  },
  {
    number: 11,
    name: 'device-counts',
    sql: { sqlite: deviceCounts, postgres: deviceCountsOfPostgres },
    worksWith: 1,
  },
  { number: 12, name: 'ota-modules', sql: { sqlite: otaModules, postgres: otaModulesOfPostgres }, worksWith: 1 },
  { number: 13, name: 'queues', sql: { sqlite: queues, postgres: queuesOfPostgres }, worksWith: 1 },
  {
    number: 14,
    name: 'push-policies',
    sql: { sqlite: pushPolicies, postgres: pushPoliciesOfPostgres },
    worksWith: 1,
  },
  {
    number: 15,
    name: 'legacy-access',
    sql: { sqlite: legacyAccess, postgres: legacyAccessOfPostgres },
    worksWith: 1,
  },
  {
    number: 16,
    name: 'product-traits',
    sql: { sqlite: productTraits, postgres: productTraitsOfPostgres },
    worksWith: 1,
  },
  { number: 17, name: 'group-quotas', sql: { sqlite: groupQuotas, postgres: groupQuotasOfPostgres }, worksWith: 1 },
  {
    number: 18,
    name: 'legacy-attributes',
    sql: { sqlite: legacyAttributes, postgres: legacyAttributesOfPostgres },
    worksWith: 1,
  },
  { number: 19, name: 'put-off-messages', sql: { sqlite: putOffMessages, postgres: putOffMessages }, worksWith: 1 },
  {
    number: 20,
    name: 'legacy-pushes',
    sql: { sqlite: legacyPushes, postgres: legacyPushesOfPostgres },
    worksWith: 1,
  },
  { number: 21, name: 'task-ends', sql: { sqlite: taskEnds, postgres: taskEndsOfPostgres }, worksWith: 1 },
  {
    number: 22,
    name: 'legacy-commands',
    sql: { sqlite: legacyCommands, postgres: legacyCommandsOfPostgres },
    worksWith: 1,
  },
  {
    number: 23,
    name: 'tasks-by-application',
    sql: { sqlite: tasksByApplication, postgres: tasksByApplication },
    worksWith: 1,
  },
  {
    number: 24,
    name: 'pages-of-operations',
    sql: { sqlite: pagesOfOperations, postgres: pagesOfOperationsOfPostgres },
    worksWith: 1,
  },
  {
    number: 25,
    name: 'owned-batch-files',
    sql: { sqlite: ownedBatchFiles, postgres: ownedBatchFilesOfPostgres },
    worksWith: 1,
  },
  {
    number: 26,
    name: 'former-packages',
    sql: { sqlite: formerPackages, postgres: formerPackagesOfPostgres },
    worksWith: 1,
  },
];
