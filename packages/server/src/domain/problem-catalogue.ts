/**
 * Every expected failure, once (v5 section 3). The key is what the code says, `code` the number on the wire, `status` the HTTP
 * status: 404 stands for the contract's "404/400", which a problem with a `field` turns into 400 (v5 1, References); 0 marks a cause
 * that appears inside results only. `…` in a sentence is filled from the problem's `args`, in order.
 */
export interface CatalogueEntry {
  readonly code: string;
  readonly status: 0 | 400 | 401 | 403 | 404 | 409 | 413 | 500 | 503;
  readonly sentence: string;
}

const at =
  (status: CatalogueEntry['status'], prefix = '') =>
  (code: string, sentence: string): CatalogueEntry => ({ code, status, sentence: prefix + sentence });

const plain400 = at(400);
const bad = at(400, 'Invalid input. ');
const forbidden = at(403, 'Operation not allowed. ');
const plain403 = at(403);
const missing = at(404);
const inResult = at(0);

export const problemCatalogue = {
  authenticationFailed: at(401)('000002', 'Authentication failed.'),
  tokenForbidden: plain403('000004', 'Operation not allowed. The access token is invalid or expired.'),
  invalidInput: plain400('000006', 'Invalid input data. …'),
  badRequest: bad('000008', 'Bad request, for more detail, refer to the error message. …'),
  bodyTooLarge: at(413)('000008', 'Invalid input. Bad request, for more detail, refer to the error message. …'),
  invalidTime: bad('000009', 'Invalid time format.'),
  timeRange: bad('000010', 'The start time must be earlier than the end time.'),
  limitOutOfRange: bad('000017', "The specified parameter 'limit' is out of range."),
  markerOutOfRange: bad('000018', "The specified parameter 'marker' is out of range."),
  offsetOutOfRange: bad('000018', "The specified parameter 'offset' is out of range."),
  internalError: at(500)('000020', 'Internal error.'),
  projectForbidden: forbidden(
    '000021',
    'User not found by IAM token or the authorized user has not subscribed IOTDA service.',
  ),
  permissionDenied: forbidden('000022', 'The user does not have the permission.'),
  notReady: at(503)('000023', 'The service is not ready.'),
  routeNotFound: missing('000029', 'Invalid input. The URL or method does not exist.'),
  /** User, project, access key or role: the codes of v5 have none for them. */
  accountNotFound: missing('000029', 'Invalid input. The … does not exist.'),

  appNotFound: plain403('001000', 'The application does not exist.'),
  appNameTaken: bad('001001', 'The application name already exists.'),
  appInUse: forbidden('001002', 'The application is the default one or not empty.'),
  appLimit: forbidden('001003', 'The number of applications reaches the upper limit.'),

  upgradeSourceVersion: inResult(
    '005004',
    'Upgrade failed. The current version cannot be upgraded to the target version.',
  ),
  upgradeInvalidProgress: inResult('005008', 'Upgrade failed. Reported progress …% is invalid.'),
  upgradeInvalidResultCode: inResult('005009', 'Upgrade failed. Invalid result_code ….'),

  productNotFound: missing('013000', 'The product does not exist.'),
  productExists: bad('013001', 'The product already exists.'),
  propertyNotWritable: bad('013002', 'The service or property is not in the product model or not writable.'),
  productInUse: forbidden('013003', 'Devices exist under the product.'),
  productLimit: forbidden('013004', 'The number of products reaches the upper limit.'),

  deviceNotFound: missing('014000', 'The device does not exist.'),
  deviceOffline: forbidden('014016', 'The device is not online.'),
  deviceExists: bad('014031', 'The device already exists.'),
  childCannotFreeze: forbidden('014038', 'A child device cannot be frozen or unfrozen.'),
  deviceNotFrozen: forbidden('014040', 'The device is not frozen.'),
  deviceHasChildren: forbidden('014041', 'Child devices exist under the device.'),
  gatewayUnusable: bad('014042', 'The gateway cannot be used for this device. …'),
  childLimit: forbidden('014043', 'The number of child devices reaches the upper limit.'),
  commandUndefined: bad('014108', 'The command is not defined in the product model.'),
  commandTimeout: plain403('014111', 'Command request timed out. Check whether the device returns a response in time.'),
  notSubscribed: inResult('014112', 'The device has not subscribed to the topic.'),
  asyncCommandsOff: forbidden('014114', 'Asynchronous commands are not supported for the device.'),
  deviceIdExists: bad('014115', 'The device ID already exists.'),
  commandNotFound: missing('014130', 'The command does not exist.'),
  messageIdExists: bad('014131', 'The message ID already exists for the device.'),
  commandCacheLimit: forbidden('014132', 'The number of cached commands of the device reaches the upper limit.'),
  shadowVersion: bad('014133', 'The shadow version does not match.'),
  contentTooLarge: bad('014134', 'The content is too large.'),
  deviceReportedFailure: inResult('014135', 'The device reported result_code ….'),
  notDelivered: inResult('014136', 'Not delivered: expired, replaced or deleted.'),
  commandCanceled: inResult('014137', 'The command was canceled.'),

  taskNotFound: missing('014550', 'The batch task does not exist.'),
  taskState: forbidden('014551', 'The state of the batch task does not allow this operation.'),
  unfinishedTaskLimit: forbidden('014552', 'The number of unfinished batch tasks reaches the upper limit.'),
  scheduleTime: bad('014553', 'schedule_time must be later than now and within 7 days.'),
  retryPolicy: bad('014554', 'retry_count (1 to 5) and retry_interval (1 to 1440) must be given together.'),
  taskParameter: bad('014555', "The parameter '…' is missing, wrong or not supported for task_type '…'. …"),
  targetsRequired: bad('014556', 'One of targets, targets_filter and document_source is required.'),
  targetLimit: bad('014557', 'The number of targets exceeds the upper limit.'),
  idempotencyConflict: at(409)('014558', 'The Idempotency-Key was used with a different request.'),
  taskTypeUnsupported: bad('014559', "The task_type '…' is not supported."),
  targetNotInTask: inResult('014560', 'The target is not part of the batch task.'),
  subtaskState: inResult('014561', 'The state of the subtask does not allow this operation.'),
  taskNeedsNoConfirm: forbidden('014562', 'The batch task does not need confirmation.'),
  /** The end of the task's time met it before its turn. */
  taskTimeOver: inResult('014563', 'The time of the batch task was over before the subtask was executed.'),
  taskWindowOver: inResult('014564', 'Execution window is over'),
  /** Of legacy tasks, whose API has a code of its own for it. */
  taskNameTaken: inResult('014565', 'The batch task name already exists.'),

  packageNotFound: missing('014580', 'The upgrade package does not exist.'),
  packageTypeMismatch: bad('014581', 'The package type does not match the task_type.'),
  packageProductMismatch: inResult('014582', 'The device does not belong to the product of the package.'),
  /** Of legacy operations, which say themselves what product their targets are of. */
  packageTraitMismatch: plain400('000006', "Invalid input data. …: must be that of the package's product."),
  packageExists: bad('014583', 'A package of this product, type and version already exists.'),
  packageInUse: forbidden('014584', 'The package is used by an unfinished batch task.'),
  moduleNotFound: missing('014585', 'The OTA module does not exist.'),
  moduleNameTaken: bad('014586', 'The OTA module name already exists.'),
  moduleLimit: forbidden('014587', 'The number of OTA modules reaches the upper limit.'),
  packageFileUnusable: bad('014588', 'The package file cannot be used. …'),
  moduleInUse: forbidden('014589', 'The OTA module is used by a package.'),
  upgradeConflict: inResult('014590', 'Task Conflict'),
  upgradeOnlineTimeout: inResult('014591', 'Waiting for the device online timeout'),
  upgradeVersionTimeout: inResult('014592', 'Waiting for report device firmware version timeout'),
  upgradeResultTimeout: inResult('014593', 'Wait for the device to report upgrade result timeout'),
  upgradeDeviceFailure: inResult('014594', '…'),
  upgradeVersionMismatch: inResult('014595', 'The reported version differs from the target version'),
  upgradeDeviceAbnormal: inResult('014596', 'Device Abnormal is not online'),

  batchFileNotFound: missing('014600', 'The batch task file does not exist.'),
  batchFileNameTaken: bad('014602', 'The batch task file name already exists.'),
  batchFileTooLarge: bad('014603', 'The size of batch task file exceeds the upper limit.'),
  batchFileLimit: forbidden('014650', 'The number of batch task files reaches the upper limit.'),
  batchFileType: bad('014651', 'The file type is not supported; use .xlsx or .csv.'),
  batchFileContent: bad('014652', 'The file content is invalid. …'),
  batchRowInvalid: inResult('014653', "Row …, column '…': …"),
  batchRowRepeated: inResult('014654', 'Row … repeats the target of row ….'),

  exportNotFound: missing('014680', 'The export task does not exist.'),
  exportWithoutFile: forbidden('014681', 'The export task has no file.'),
  exportLimit: forbidden('014682', 'The number of export tasks reaches the upper limit.'),

  groupNotFound: missing('015500', 'The device group does not exist.'),
  groupNameTaken: bad('015501', 'The device group name already exists.'),
  groupNotEmpty: forbidden('015502', 'The device group has subgroups or devices.'),
  groupLimit: forbidden('015503', 'A device group limit is reached. …'),
  /** The same of its devices. */
  groupFull: forbidden('015503', 'A device group limit is reached. …'),
  groupType: bad('015504', 'Not allowed for this group type. …'),
  tagLimit: forbidden('015520', 'The number of tags reaches the upper limit.'),
  tagNotBound: bad('015521', 'The tag key is not bound.'),
  invalidSql: bad('015530', 'The SQL statement is invalid. …'),

  ruleNotFound: missing('016000', 'The rule does not exist.'),
  actionNotFound: missing('016001', 'The rule action does not exist.'),
  channelUnsupported: bad('016002', 'The channel is not supported.'),
  policyNotFound: missing('016003', 'The policy does not exist.'),
  policyExists: bad('016004', 'The policy already exists for this scope.'),
  queueNotFound: missing('016020', 'The queue does not exist.'),
  queueNameTaken: bad('016021', 'The queue name already exists.'),
  queueInUse: forbidden('016022', 'The queue is in use.'),
  queueLimit: forbidden('016023', 'The number of queues reaches the upper limit.'),

  rateLimited: plain403('021101', 'Request reached the maximum rate limit.'),
  tooManyChildren: plain400('021103', 'Invalid input. The number of sub-devices exceeds the upper limit.'),
  unknownChild: plain400('021104', 'Invalid input. The sub-device does not exist.'),
  payloadTooLarge: plain403('021105', 'Operation not allowed. The request body is too large.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemName = keyof typeof problemCatalogue;
