import { EventEmitter } from 'node:events';
import type { DeviceBehaviour, DeviceSpec } from './behaviour.ts';
import type { ConnectionContext, ReconnectPolicy } from './connection.ts';
import type { DeviceContext } from './device.ts';
import { DirectDevice } from './direct-device.ts';
import { createDownloader, type DownloaderOptions } from './download.ts';
import type { FleetEvents } from './fleet-events.ts';
import { drawLatency, type Latency } from './latency.ts';
import { createLimiter } from './limiter.ts';
import { parseTarget } from './link.ts';
import type { Offer } from './offer.ts';
import { createRandom, type Random } from './random.ts';
import { createStatistics, type FleetStatistics } from './statistics.ts';
import { createTimers, type Timers } from './timers.ts';

/** Links that break all the time, somewhere in the fleet. */
export interface Churn {
  readonly dropsPerSecond: number;
  readonly away: Latency;
}

/** A fleet and the world it lives in. */
export interface FleetOptions {
  /** `mqtt://host:port` or `mqtts://host:port`; several with commas: devices are spread over them and go to the next when one fails. */
  readonly mqttUrl: string;
  readonly devices: readonly DeviceSpec[];
  /** Same seed, same draws: latencies and churn. Default 1. */
  readonly seed?: number;
  /** Parts that a device's own behaviour leaves open. */
  readonly behaviour?: DeviceBehaviour;
  /** Time before any answer. Default 5..50 ms. */
  readonly latency?: Latency;
  /** Time between download and final report. Default 50..250 ms. */
  readonly install?: Latency;
  readonly churn?: Churn;
  /** Default 120. */
  readonly keepaliveSeconds?: number;
  /** Of all uplinks. Default 1. */
  readonly qos?: 0 | 1;
  /** Connects at once. Default 50. */
  readonly connectConcurrency?: number;
  readonly reconnect?: Partial<ReconnectPolicy>;
  /** Defaults: 16 at once, 5 attempts, 1 s before a broken transfer goes on, certificates not checked. */
  readonly download?: Partial<DownloaderOptions>;
  /** Check the certificate of an `mqtts` server. Default false. */
  readonly rejectUnauthorized?: boolean;
}

/** A device as its owner may look at it. */
export interface DeviceView {
  readonly deviceId: string;
  readonly versions: Readonly<Record<Offer['field'], string>>;
  readonly offers: number;
  /** Of the link, for a child: its gateway's. */
  readonly connected: boolean;
}

/** A simulated fleet. */
export interface Fleet {
  readonly events: EventEmitter<FleetEvents>;
  readonly statistics: Readonly<FleetStatistics>;
  /** Connects all devices but those scripted offline; settles when each is connected or was refused for good. */
  start(): Promise<void>;
  /** Ends all connections, downloads and timers; settles when they are gone. */
  stop(): Promise<void>;
  device(deviceId: string): DeviceView | undefined;
  /** Breaks the link of a direct device; it comes back after this time. */
  drop(deviceId: string, awayMs: number): void;
}

const RECONNECT: ReconnectPolicy = { firstMs: 1000, maxMs: 30_000, giveUpOnBadLogin: true };
const DOWNLOAD: DownloaderOptions = { concurrency: 16, attempts: 5, resumeDelayMs: 1000, rejectUnauthorized: false };

type Shared = Pick<DeviceContext, 'statistics' | 'events'>;

function createConnectionContext(options: FleetOptions, shared: Shared): ConnectionContext {
  return {
    ...shared,
    targets: options.mqttUrl.split(',').map((url) => parseTarget(url.trim(), options.rejectUnauthorized ?? false)),
    keepaliveSeconds: options.keepaliveSeconds ?? 120,
    qos: options.qos ?? 1,
    connects: createLimiter(options.connectConcurrency ?? 50),
    reconnect: { ...RECONNECT, ...options.reconnect },
  };
}

function createDeviceContext(options: FleetOptions, shared: Shared): DeviceContext {
  return {
    ...shared,
    seed: options.seed ?? 1,
    behaviour: options.behaviour ?? {},
    latency: options.latency ?? { kind: 'uniform', minMs: 5, maxMs: 50 },
    install: options.install ?? { kind: 'uniform', minMs: 50, maxMs: 250 },
    downloader: createDownloader({ ...DOWNLOAD, ...options.download }),
    timers: createTimers(),
  };
}

/** Drops random links at a steady rate, with one timer for the whole fleet. */
function runChurn(churn: Churn, devices: readonly DirectDevice[], tools: { timers: Timers; random: Random }): void {
  const { timers, random } = tools;
  const next = (): void => {
    const device = devices[Math.floor(random() * devices.length)];
    device?.connection.drop(drawLatency(churn.away, random));
    timers.after(1000 / churn.dropsPerSecond, next);
  };
  if (churn.dropsPerSecond > 0) timers.after(1000 / churn.dropsPerSecond, next);
}

/** Makes a fleet; nothing connects before `start`. */
export function createFleet(options: FleetOptions): Fleet {
  const shared: Shared = { statistics: createStatistics(), events: new EventEmitter<FleetEvents>() };
  const connections = createConnectionContext(options, shared);
  const context = createDeviceContext(options, shared);
  const devices = options.devices.map((spec) => new DirectDevice(spec, connections, context));
  const owners = new Map(
    devices.flatMap((direct) => direct.devices.map(({ deviceId }) => [deviceId, direct] as const)),
  );
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  async function startAll(): Promise<void> {
    await Promise.all(devices.filter(({ device }) => device.reachable).map(({ connection }) => connection.start()));
    if (options.churn === undefined) return;
    runChurn(options.churn, devices, { timers: context.timers, random: createRandom(context.seed) });
  }

  async function stopAll(): Promise<void> {
    context.timers.close();
    for (const direct of devices) for (const device of direct.devices) device.stop();
    await Promise.all(devices.map(({ connection }) => connection.stop()));
    context.downloader.close();
  }

  return {
    events: shared.events,
    statistics: shared.statistics,
    start: () => (starting ??= startAll()),
    stop: () => (stopping ??= stopAll()),
    device: (deviceId) => {
      const owner = owners.get(deviceId);
      const device = owner?.find(deviceId);
      if (owner === undefined || device === undefined) return undefined;
      const { versions, offers } = device;
      return { deviceId, versions: { ...versions }, offers, connected: owner.connection.connected };
    },
    drop: (deviceId, awayMs) => owners.get(deviceId)?.connection.drop(awayMs),
  };
}
