import { parseCidr } from './cidr.ts';
import { packagePlaceOf } from './package-place.ts';
import type { Settings } from './settings.ts';

/** What the process runs with, grouped by who takes it; frozen through and through. Durations end in their unit. */
export type Config = ReturnType<typeof groupSettings>;

const ms = (seconds: number): number => Math.round(seconds * 1000);

/** `isTerminal` decides the log format where it is left to us. */
export function groupSettings(s: Settings, isTerminal: boolean) {
  return deepFreeze({
    http: {
      host: s.httpHost,
      port: s.httpPort,
      /** Undefined: no HTTPS. */
      tlsPort: s.httpsPort,
      headersTimeoutMs: ms(s.httpHeadersTimeoutSeconds),
      requestTimeoutMs: ms(s.httpRequestTimeoutSeconds),
    },
    /** `certificate` undefined: the data folder's own. Paths. */
    tls: { certificate: certificatePaths(s), clientCa: s.tlsClientCa },
    mqtt: { host: s.mqttHost, port: s.mqttPort, tlsPort: s.mqttsPort, limits: mqttLimits(s) },
    amqp: { host: s.amqpHost, port: s.amqpPort, tlsPort: s.amqpsPort, ...amqpBounds(s) },
    /** With explicit port; undefined: derived from the listeners. */
    publicUrl: s.publicUrl,
    dataDir: s.dataDir,
    node: { name: s.nodeName, leaseMs: ms(s.nodeLeaseSeconds), roles: [...new Set(s.roles)] as Role[] },
    /** Undefined: SQLite in the data folder. */
    database: databaseOf(s),
    /** Base64; undefined: the data folder's own. */
    masterKey: s.masterKey,
    readyFile: s.readyFile,
    log: { level: s.logLevel, format: logFormat(s, isTerminal) },
    firstAccount: {
      domain: s.adminDomain,
      user: s.adminUser,
      password: s.adminPassword,
      accessKey: s.adminAk,
      secretKey: s.adminSk,
      projectId: s.projectId,
      projectName: s.projectName,
      legacyAppId: s.legacyAppId,
      legacyAppSecret: s.legacyAppSecret,
    },
    tokens: { lifeMs: ms(s.tokenLifeSeconds) },
    apps: { max: s.appsMax },
    products: { max: s.productsMax },
    packages: {
      /** Undefined: the data folder's own. */
      place: packagePlaceOf(s),
      fileBytesMax: s.packageFileMaxBytes,
      port: s.packagesHttpPort,
      tlsPort: s.packagesHttpsPort,
    },
    /** By region; secrets among them. */
    objectStores: s.objectStores ?? {},
    batch: {
      unfinishedTasksMax: s.batchUnfinishedTasksMax,
      retryMinuteMs: ms(s.batchRetryMinuteSeconds),
      /** 0 keeps finished tasks. */
      taskRetentionMs: ms(s.batchTaskRetentionSeconds),
      idempotencyLifeMs: ms(s.idempotencyLifeSeconds),
    },
    batchFiles: {
      rowsMax: s.batchFileMaxRows,
      bytesMax: s.batchFileMaxBytes,
      lifeMs: ms(s.batchFileLifeSeconds),
    },
    exports: { lifeMs: ms(s.exportLifeSeconds) },
    legacy: legacySettings(s),
    devices: {
      offlineDelayMs: ms(s.deviceOfflineDelaySeconds),
      shadowProtectionMs: ms(s.shadowProtectionSeconds),
    },
    deviceHttp: {
      tokenLifeMs: ms(s.deviceTokenSeconds),
      tokenRenewalMs: ms(s.deviceTokenRenewalSeconds),
      callsPerSecond: s.deviceHttpCallsPerSecond,
    },
    messages: { resendMs: ms(s.messageResendSeconds), roundMs: ms(s.messageRoundSeconds) },
    /** In the shape of the port TaskTimers. */
    taskTimers: taskTimers(s),
    push: { allowPrivate: s.pushAllowPrivate.flatMap((network) => parseCidr(network) ?? []), ca: s.pushCa },
  });
}

export type Role = 'api' | 'gateway' | 'engine' | 'push';

function databaseOf(s: Settings) {
  const { databaseUrl: url, databaseListenUrl: listenUrl = url } = s;
  if (url === undefined || listenUrl === undefined) return undefined;
  return { url, listenUrl, poolMax: s.databasePoolMax, waitMs: ms(s.databaseWaitSeconds) };
}

/** One without the other does not get here. */
function certificatePaths({ tlsCert: cert, tlsKey: key }: Settings): { cert: string; key: string } | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** Names of the gateway's MqttLimits, so that they spread over its defaults. */
function mqttLimits(s: Settings) {
  return {
    keepaliveMinSeconds: s.mqttKeepaliveMinSeconds,
    keepaliveMaxSeconds: s.mqttKeepaliveMaxSeconds,
    connectTimeoutSeconds: s.mqttConnectTimeoutSeconds,
    clockToleranceHours: s.mqttClockToleranceHours,
    authFailuresPerMinute: s.mqttAuthFailuresPerMinute,
    authBackoffSeconds: s.mqttAuthBackoffSeconds,
    deliveryDelayMilliseconds: s.mqttDeliveryDelayMilliseconds,
    uplinkMessagesPerSecond: s.mqttUplinkMessagesPerSecond,
    uplinkBytesPerSecond: s.mqttUplinkBytesPerSecond,
    connectionsMax: s.mqttConnectionsMax,
  };
}

function amqpBounds(s: Settings) {
  return {
    /** Names of AmqpLimits, so that they spread over its defaults. */
    limits: {
      connectionsMax: s.amqpConnectionsMax,
      unsettledMax: s.amqpUnsettledMax,
      idleTimeoutMs: ms(s.amqpIdleTimeoutSeconds),
    },
    backoff: {
      authFailuresPerMinute: s.amqpAuthFailuresPerMinute,
      authBackoffSeconds: s.amqpAuthBackoffSeconds,
    },
  };
}

function legacySettings(s: Settings) {
  return {
    accessTokenLifeMs: ms(s.legacyAccessTokenLifeSeconds),
    refreshTokenLifeMs: ms(s.legacyRefreshTokenLifeSeconds),
    singleToken: s.legacySingleToken,
    /** 0: without limit. */
    callsPerMinute: s.legacyCallsPerMinute,
    unpagedRowsMax: s.legacyUnpagedRowsMax,
    push: {
      timeoutMs: ms(s.legacyPushTimeoutSeconds),
      /** 0: each message is tried once. */
      retryMs: ms(s.legacyPushRetryHours * 3600),
      ca: s.legacyPushCa,
      tlsVerify: s.legacyPushTlsVerify,
    },
    batches: {
      timeoutUnitMs: s.legacyTimeoutUnit === 'seconds' ? 1000 : 60_000,
      /** 0: any number. */
      unfinishedTasksMax: s.legacyUnfinishedTasksMax,
    },
    operations: {
      retryIntervalMinutes: s.legacyUpgradeRetryIntervalMinutes,
      onlineWaitMs: ms(s.legacyDeviceOnlineWaitHours * 3600),
    },
    spelling: { upperCase: s.legacyUpperCaseStatus },
  };
}

function taskTimers(s: Settings) {
  return {
    commandTimeoutMs: ms(s.commandTimeoutSeconds),
    otaOnlineTimeoutMs: ms(s.otaOnlineTimeoutSeconds),
    otaVersionTimeoutMs: ms(s.otaVersionTimeoutSeconds),
    otaResultTimeoutMs: ms(s.otaResultTimeoutSeconds),
    otaMismatchGraceMs: ms(s.otaMismatchGraceSeconds),
    otaOffersMax: s.otaOffersMax,
    otaTokenMs: ms(s.otaTokenSeconds),
    asyncCommands: s.asyncCommandsMqtt,
  };
}

function logFormat({ logFormat: wanted }: Settings, isTerminal: boolean): 'json' | 'pretty' {
  if (wanted !== 'auto') return wanted;
  return isTerminal ? 'pretty' : 'json';
}

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

function deepFreeze<T extends object>(value: T): Frozen<T> {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
  return Object.freeze(value) as Frozen<T>;
}
