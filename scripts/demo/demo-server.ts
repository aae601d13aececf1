import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LegacyCredentials } from '@muster/sdk/legacy';
import type { DemoOptions } from './options.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** A Muster of the demo's own, in a temporary data folder. */
export interface DemoServer extends ServerProcess {
  readonly dataDir: string;
  readonly credentials: DemoCredentials;
  readonly credentialsPath: string;
  /** PEM; the server has made it for itself. Undefined: it speaks no TLS. */
  readonly certificate: string | undefined;
  /** Its own certificate's file. */
  readonly certificatePath: string;
  /** What legacy clients sign in with. */
  readonly legacy: LegacyCredentials;
}

/** What the demo needs of credentials.json. */
export interface DemoCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

export async function startDemoServer(options: DemoOptions): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  try {
    const legacy = { appId: 'demo', secret: randomBytes(16).toString('hex') };
    const settings = { ...settingsOf(options), ...(options.legacy ? legacySettings(legacy) : {}) };
    const server = await startServer({ dataDir, settings, log: 'ignore', detached: options.keep });
    const credentialsPath = join(dataDir, 'credentials.json');
    const certificatePath = join(dataDir, 'tls-cert.pem');
    return {
      ...server,
      dataDir,
      legacy,
      credentialsPath,
      certificatePath,
      credentials: JSON.parse(await readFile(credentialsPath, 'utf8')) as DemoCredentials,
      certificate: options.legacy ? await readFile(certificatePath, 'utf8') : undefined,
    };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/** How long an upgrade waits for devices that never connect: until the others are through. */
const onlineWaitSeconds = ({ devices }: DemoOptions): number => Math.max(5, Math.ceil(devices / 200));

/** Timers are shortened so that scripted time-outs and retries are seen within seconds; every one is a setting. */
function settingsOf(options: DemoOptions): Record<string, string> {
  return {
    MUSTER_LOG_LEVEL: 'warn',
    MUSTER_PUSH_ALLOW_PRIVATE: '127.0.0.0/8',
    MUSTER_BATCH_RETRY_MINUTE_SECONDS: '1',
    MUSTER_OTA_ONLINE_TIMEOUT_SECONDS: String(onlineWaitSeconds(options)),
    MUSTER_OTA_MISMATCH_GRACE_SECONDS: '2',
    // The whole fleet signs in from one address.
    MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
  };
}

function legacySettings({ appId, secret }: LegacyCredentials): Record<string, string> {
  return {
    MUSTER_HTTPS_PORT: '0',
    MUSTER_LEGACY_APP_ID: appId,
    MUSTER_LEGACY_APP_SECRET: secret,
    MUSTER_LEGACY_TIMEOUT_UNIT: 'seconds',
    MUSTER_LEGACY_UPGRADE_RETRY_INTERVAL_MINUTES: '1',
    // Progress is polled: this API tells nobody that a task has ended.
    MUSTER_LEGACY_CALLS_PER_MINUTE: '0',
  };
}
