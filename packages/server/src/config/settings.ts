import { parseCidr } from './cidr.ts';
import { type ObjectStoresSetting, parseObjectStores } from './object-stores.ts';
import { parsePublicUrl } from './public-url.ts';
import {
  amount,
  choice,
  decoded,
  flag,
  list,
  optionalPort,
  optionalText,
  parsed,
  port,
  shaped,
  text,
  whole,
} from './setting.ts';

const day = 86_400;
/** A timer longer than ten years is a mistake. */
const seconds = { min: 0, max: 10 * 365 * day };
/** Zero would make the thing impossible, not unlimited. */
const positiveSeconds = { min: 0.001, max: seconds.max };
const count = { min: 1, max: 1_000_000_000 };
const bytes = { min: 1, max: 1024 ** 4 };
const id = /^[A-Za-z0-9_-]{1,64}$/;
/**
 * Of settings and of the command that moves. What could be part of a password is refused before it is taken for a host and shown: `@`, `/`
 * and `#` must be encoded.
 */
export const databaseUrlShape =
  /^postgres(ql)?:\/\/([^\s@/?#]*@)?((\[[\da-fA-F:.]+\]|[^\s@/?#,:[\]]+)(:\d{1,5})?(,|(?=[/?]|$)))*([/?]\S*)?$/;
const databaseUrlWords =
  'a URL that begins with postgres://, with %40, %2F and %23 for @, / and # in user name and password';
const idWords = '1 to 64 letters, digits, _ and -';

/**
 * Every setting there is, by its name in the settings file; `MUSTER_` and upper snake case make its variable. Operations page; v5 16;
 * the MUSTER_ names of the device page.
 */
export const settings = {
  httpHost: text('127.0.0.1', { meaning: 'Address that the HTTP APIs, package download and health listen on.' }),
  httpPort: port(8080, { meaning: 'Port of the same; 0 picks a free one.' }),
  httpsPort: optionalPort({ meaning: 'The same over TLS; 0 picks a free one.' }),
  tlsCert: optionalText({
    meaning: 'PEM file of the server certificate, for every listener over TLS.',
    defaultText: 'generated once in the data folder',
  }),
  tlsKey: optionalText({ meaning: 'PEM file of its private key.', defaultText: 'generated once in the data folder' }),
  tlsClientCa: optionalText({
    meaning: 'PEM file; lets only clients with a certificate of these authorities use the HTTPS listener.',
  }),
  httpHeadersTimeoutSeconds: amount(20, positiveSeconds, {
    meaning: 'How long a client may take to send the headers of a request.',
  }),
  httpRequestTimeoutSeconds: amount(3600, positiveSeconds, {
    meaning: 'How long a client may take to send a whole request, uploads included.',
  }),
  mqttHost: text('127.0.0.1', { meaning: 'Address that devices connect to.' }),
  mqttPort: port(1883, { meaning: 'Port of the same; 0 picks a free one.' }),
  mqttsPort: optionalPort({ meaning: 'Devices over TLS; 0 picks a free one.' }),
  amqpHost: text('127.0.0.1', { meaning: 'Address that AMQP 1.0 consumers connect to.' }),
  amqpPort: port(5672, { meaning: 'Port of the same; 0 picks a free one.' }),
  amqpsPort: optionalPort({ meaning: 'Consumers over TLS; 0 picks a free one.' }),
  publicUrl: parsed(parsePublicUrl, {
    meaning:
      'Base of the URLs handed to devices for downloads; else the package listener, HTTPS or HTTP, the first that is on.',
    defaultText: 'derived from host and port',
  }),
  packagesHttpPort: optionalPort({
    meaning: 'Package downloads alone, for device libraries that need a lenient HTTP parser; 0 picks a free port.',
  }),
  packagesHttpsPort: optionalPort({ meaning: 'The same over TLS; 0 picks a free port.' }),
  dataDir: text('./data', {
    meaning: 'Folder of database, packages, master key, generated certificate and credentials file.',
  }),
  databaseUrl: shaped(databaseUrlShape, databaseUrlWords, {
    secret: true,
    meaning: 'postgres://… instead of SQLite in the data folder; several hosts with commas: the primary is used.',
  }),
  databaseListenUrl: shaped(databaseUrlShape, databaseUrlWords, {
    secret: true,
    meaning: 'The same server without a pooler in between, for hints of other nodes.',
    defaultText: 'that of `MUSTER_DATABASE_URL`',
  }),
  databasePoolMax: whole(10, { min: 1, max: 1000 }, { meaning: 'Connections of this process to PostgreSQL.' }),
  databaseWaitSeconds: amount(30, seconds, {
    meaning: 'How long a call waits for a PostgreSQL that is away before it fails.',
  }),
  roles: list(
    ['api', 'gateway', 'engine', 'push'],
    {
      accepts: (role) => ['api', 'gateway', 'engine', 'push'].includes(role),
      wanted: 'a list of api, gateway, engine, push',
    },
    { meaning: 'Which parts this process runs; less than all needs PostgreSQL.' },
  ),
  nodeName: shaped(id, idWords, { meaning: 'Name of this node, unique per installation.', defaultText: 'random' }),
  nodeLeaseSeconds: amount(10, { min: 1, max: 3600 }, { meaning: 'After so long a silence a node is taken for dead.' }),
  masterKey: shaped(/^[A-Za-z0-9+/]{43}=?$/, '32 bytes in base64', {
    secret: true,
    meaning: 'Encrypts device secrets and secret keys at rest.',
    defaultText: 'generated once in the data folder; needed with PostgreSQL',
  }),
  adminDomain: text('muster', { meaning: 'Domain of the first account.' }),
  adminUser: text('admin', { meaning: 'Name of the first user.' }),
  adminPassword: optionalText({ secret: true, meaning: 'Password of the first user.', defaultText: 'generated' }),
  adminAk: shaped(/^[A-Za-z0-9_-]{1,128}$/, '1 to 128 letters, digits, _ and -', {
    meaning: 'First access key.',
    defaultText: 'generated',
  }),
  adminSk: shaped(/^\S{1,256}$/, '1 to 256 characters without blanks', {
    secret: true,
    meaning: 'Its secret key.',
    defaultText: 'generated',
  }),
  projectId: shaped(id, idWords, { meaning: 'Id of the first project.', defaultText: 'generated (32 hex)' }),
  projectName: text('default', { meaning: 'Name of the first project.' }),
  legacyAppId: shaped(/^[A-Za-z0-9_-]{1,36}$/, '1 to 36 letters, digits, _ and -', {
    meaning: "Id of the first project's default application, which is its legacy appId, too.",
    defaultText: 'generated (32 hex)',
  }),
  legacyAppSecret: shaped(/^[A-Za-z0-9]{8,256}$/, '8 to 256 letters and digits', {
    secret: true,
    meaning: 'Its legacy secret.',
    defaultText: 'generated',
  }),
  logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'], 'info', { meaning: 'Least level that is logged.' }),
  logFormat: choice(['auto', 'json', 'pretty'], 'auto', {
    meaning: 'How log lines look: auto is pretty on a terminal, else json.',
    defaultText: '`pretty` on a terminal, else `json`',
  }),
  objectStores: decoded<ObjectStoresSetting>(parseObjectStores, {
    secret: true,
    meaning: 'JSON of S3-compatible stores by region, for packages with `obs_location`; see Object stores below.',
  }),
  packageStore: optionalText({
    meaning:
      'Uploaded packages: a folder, with several nodes one that they share, or `<region>/<bucket>` of an object store.',
    defaultText: 'in the data folder',
  }),
  pushAllowPrivate: list(
    [],
    { accepts: (entry) => parseCidr(entry) !== undefined, wanted: 'a list of networks such as 10.0.0.0/8' },
    { meaning: 'Private networks (CIDR) that HTTP push may reach.' },
  ),
  pushCa: optionalText({ meaning: 'PEM file; its authorities vouch for HTTPS receivers beside the public ones.' }),
  readyFile: optionalText({ meaning: 'File that gets the real addresses as JSON when everything stands.' }),

  batchFileMaxRows: whole(100_000, count, { meaning: 'Rows of a batch task file.' }),
  batchFileMaxBytes: whole(20_971_520, bytes, { meaning: 'Bytes of a batch task file.' }),
  batchFileLifeSeconds: amount(3600, positiveSeconds, { meaning: 'How long a batch task file is kept.' }),
  batchUnfinishedTasksMax: whole(1000, count, { meaning: 'Unfinished batch tasks of a project (014552).' }),
  batchRetryMinuteSeconds: amount(60, positiveSeconds, { meaning: 'Length of a minute of retry_interval.' }),
  batchTaskRetentionSeconds: amount(0, seconds, { meaning: 'How long finished batch tasks are kept; 0 keeps them.' }),
  packageFileMaxBytes: whole(1_073_741_824, bytes, { meaning: 'Bytes of an uploaded package file (014588).' }),
  exportLifeSeconds: amount(604_800, positiveSeconds, { meaning: 'How long an export is kept.' }),
  tokenLifeSeconds: amount(day, positiveSeconds, { meaning: 'How long a token of /v3/auth/tokens is valid.' }),
  idempotencyLifeSeconds: amount(day, positiveSeconds, { meaning: 'How long an Idempotency-Key is remembered.' }),
  appsMax: whole(10, count, { meaning: 'Applications of a project (001003).' }),
  productsMax: whole(1000, count, { meaning: 'Products of a project (013004).' }),
  asyncCommandsMqtt: flag(true, { meaning: 'Whether MQTT devices take asynchronous commands (014114).' }),

  mqttKeepaliveMinSeconds: amount(30, positiveSeconds, { meaning: 'Shortest keepalive of a device.' }),
  mqttKeepaliveMaxSeconds: amount(1200, positiveSeconds, { meaning: 'Longest keepalive of a device.' }),
  mqttClockToleranceHours: amount(
    1,
    { min: 0, max: 24 * 365 },
    {
      meaning: 'How far the hour of a signed sign-in may be off.',
    },
  ),
  mqttConnectTimeoutSeconds: amount(10, positiveSeconds, { meaning: 'How long a CONNECT may take.' }),
  mqttAuthFailuresPerMinute: whole(10, count, { meaning: 'Failed sign-ins of one device id or address per minute.' }),
  mqttAuthBackoffSeconds: amount(60, seconds, { meaning: 'How long further sign-ins are refused then; 0 never.' }),
  mqttUplinkMessagesPerSecond: amount(
    50,
    { min: 0.001, max: 1_000_000 },
    {
      meaning: 'Sustained messages of one connection.',
    },
  ),
  mqttUplinkBytesPerSecond: whole(1_048_576, bytes, { meaning: 'Sustained bytes of one connection.' }),
  mqttDeliveryDelayMilliseconds: amount(
    500,
    { min: 0, max: 600_000 },
    {
      meaning: 'From CONNACK to the first publish of the server.',
    },
  ),
  mqttConnectionsMax: whole(100_000, count, { meaning: 'Connections of this process.' }),
  amqpConnectionsMax: whole(1000, count, { meaning: 'Connections of consumers to this process.' }),
  amqpUnsettledMax: whole(
    1000,
    { min: 1, max: 10_000 },
    { meaning: 'Messages of one link to a queue that are sent and not settled.' },
  ),
  amqpIdleTimeoutSeconds: amount(
    30,
    { min: 1, max: 3600 },
    { meaning: 'How long a consumer may say nothing; after twice that it is cut off.' },
  ),
  amqpAuthFailuresPerMinute: whole(30, count, {
    meaning: 'Failed sign-ins of consumers with one access key or address per minute.',
  }),
  amqpAuthBackoffSeconds: amount(60, seconds, { meaning: 'How long further sign-ins are refused then; 0 never.' }),
  deviceOfflineDelaySeconds: amount(5, seconds, { meaning: 'From the end of a session to status OFFLINE.' }),
  deviceTokenSeconds: amount(day, positiveSeconds, { meaning: 'How long the token of a device over HTTP is valid.' }),
  deviceTokenRenewalSeconds: amount(30, seconds, { meaning: 'How long the previous one is valid beside a new one.' }),
  deviceHttpCallsPerSecond: amount(
    50,
    { min: 0.001, max: 1_000_000 },
    {
      meaning: 'Calls of one device over HTTP (021101).',
    },
  ),
  commandTimeoutSeconds: amount(20, positiveSeconds, { meaning: 'How long a device may take to answer a command.' }),
  messageResendSeconds: amount(2, positiveSeconds, { meaning: 'Between the sends of one round of a message.' }),
  messageRoundSeconds: amount(10, positiveSeconds, { meaning: 'Between the rounds of a message.' }),
  shadowProtectionSeconds: amount(300, seconds, {
    meaning: 'How long an unanswered shadow push is not repeated.',
  }),
  otaOnlineTimeoutSeconds: amount(90_000, positiveSeconds, { meaning: 'How long an upgrade waits for its device.' }),
  otaVersionTimeoutSeconds: amount(180, positiveSeconds, {
    meaning: 'How long a device may take to report its version.',
  }),
  otaResultTimeoutSeconds: amount(day, positiveSeconds, { meaning: 'How long a device may take to upgrade.' }),
  otaOffersMax: whole(3, { min: 1, max: 100 }, { meaning: 'Offers of one attempt.' }),
  otaMismatchGraceSeconds: amount(10, seconds, {
    meaning: 'How long a success with the old version waits for the new one.',
  }),
  otaTokenSeconds: amount(day, positiveSeconds, { meaning: 'How long the token of a package download is valid.' }),

  legacyAccessTokenLifeSeconds: amount(3600, positiveSeconds, {
    meaning: 'How long an access token of a legacy application is valid.',
  }),
  legacyRefreshTokenLifeSeconds: amount(day, positiveSeconds, {
    meaning: 'How long a refresh token of a legacy application is valid.',
  }),
  legacySingleToken: flag(false, {
    meaning: "Whether a legacy application's earlier access tokens end with each new one.",
  }),
  legacyCallsPerMinute: whole(
    100,
    { min: 0, max: 1_000_000 },
    {
      meaning: 'Calls of a legacy application in any 60 s, per process; 0 does not limit them, nor failed sign-ins.',
    },
  ),
  legacyUnfinishedTasksMax: whole(
    10,
    { min: 0, max: count.max },
    { meaning: 'Unfinished batch tasks that an application may have made through the legacy API; 0: any number.' },
  ),
  legacyTimeoutUnit: choice(['minutes', 'seconds'], 'minutes', {
    meaning: 'Unit of the timeout of legacy batch tasks.',
  }),
  legacyUpperCaseStatus: flag(false, { meaning: 'Whether the states of legacy operations are sent in capitals.' }),
  legacyUnpagedRowsMax: whole(
    10_000,
    { min: 1, max: 100_000 },
    {
      meaning: 'Rows of a legacy list that is asked for as a whole; further ones are left out.',
    },
  ),
  legacyUpgradeRetryIntervalMinutes: whole(
    5,
    { min: 1, max: 1440 },
    { meaning: 'Minutes between a failed upgrade and its next try, of legacy operations.' },
  ),
  legacyDeviceOnlineWaitHours: amount(168, positiveSeconds, {
    meaning: 'How long a legacy operation of type device_online waits for a device.',
  }),
  legacyPushTimeoutSeconds: amount(
    15,
    { min: positiveSeconds.min, max: 600 },
    {
      meaning: 'How long a receiver of the legacy generation may take to answer.',
    },
  ),
  legacyPushRetryHours: amount(
    24,
    { min: 0, max: 24 * 365 },
    {
      meaning: 'How old what such a receiver did not take may become until it is dropped; 0 tries once.',
    },
  ),
  legacyPushCa: optionalText({
    meaning: "PEM file; its authorities vouch for such receivers' HTTPS beside the public ones.",
  }),
  legacyPushTlsVerify: flag(true, { meaning: 'Whether certificates of such receivers are checked.' }),
} as const;

export type SettingName = keyof typeof settings;
type ValueOf<S> = S extends { readonly defaultValue: infer T } ? T : never;
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** `httpPort` -> `MUSTER_HTTP_PORT`. */
export function variableOf(name: string): string {
  return `MUSTER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
