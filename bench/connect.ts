import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type BenchOptions, median, note, rounded, timed } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { type BenchServer, startBenchServer } from './lib/bench-server.ts';
import type { IdleAsk } from './lib/idle-asks.ts';
import { installation } from './lib/installation.ts';
import { type LoadProcess, startLoadProcess } from './lib/load-process.ts';
import { collectableSettings, readMemory, settleAtRest } from './lib/process-memory.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const devicesDefault = 10_000;
const warmShare = 10;
/** Sign-ins under way: a fleet that comes back after a power cut, not one device after the other. */
const atOnce = 100;
const idleMs = 10_000;
const kibibytesMax = 60;
const rateMin = 300;

interface Round {
  readonly bytesEach: number;
  /** With the garbage that connecting made and nobody has collected yet. */
  readonly bytesEachUncollected: number;
  readonly perSecond: number;
  /** Sign-ins that had to come again, because the server was busy. */
  readonly refusals: number;
}

/** 10,000 devices of another process connect and stay: what each costs the server, and how fast they come. */
export const connect: Bench = {
  name: 'connect',
  about: '10,000 devices connect and stay idle: server memory for each, and connects per second',
  rounds: 1,
  async run(options) {
    const measured = await measure(options);
    const kibibytes = median(measured.map((round) => round.bytesEach)) / 1024;
    const perSecond = median(measured.map((round) => round.perSecond));
    return {
      bench: 'connect',
      store: options.store,
      value: rounded(kibibytes, 1),
      unit: 'KiB of server memory for each connection',
      yardsticks: {},
      ratios: {},
      details: {
        connectsPerSecond: Math.round(perSecond),
        refusals: measured.reduce((sum, round) => sum + round.refusals, 0),
        uncollectedKibibytes: rounded(median(measured.map((round) => round.bytesEachUncollected)) / 1024, 1),
      },
      bar: `below ${kibibytesMax} KiB each, at least ${rateMin} connects/s`,
      pass: kibibytes < kibibytesMax && perSecond >= rateMin,
    };
  },
};

async function measure({ count = devicesDefault, rounds, store }: BenchOptions): Promise<readonly Round[]> {
  await using database = await openBenchDatabase(store);
  const { deviceIds } = await seedFleet(database, count);
  await using server = await startBenchServer(database, collectableSettings);
  await using devices = startLoadProcess<IdleAsk>(new URL('./lib/idle-devices.ts', import.meta.url));
  // What the first connections alone cost (compiled code, caches) is not what a connection costs.
  await connectFleet(devices, server, deviceIds.slice(0, Math.ceil(count / warmShare)));
  await devices.ask({ kind: 'disconnect' });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measureRound(server, devices, deviceIds));
    await devices.ask({ kind: 'disconnect' });
  }
  return measured;
}

async function measureRound(
  server: BenchServer,
  devices: LoadProcess<IdleAsk>,
  deviceIds: readonly string[],
): Promise<Round> {
  const before = await settleAtRest(server.pid);
  let refusals = 0;
  const ms = await timed(async () => {
    refusals = await connectFleet(devices, server, deviceIds);
  });
  await pause(idleMs);
  const { residentBytes } = await readMemory(server.pid);
  const after = await settleAtRest(server.pid);
  const connected = await devices.ask<number>({ kind: 'count' });
  if (connected !== deviceIds.length) throw new Error(`Of ${deviceIds.length} devices ${connected} stayed connected.`);
  const round: Round = {
    bytesEach: (after - before) / connected,
    bytesEachUncollected: (residentBytes - before) / connected,
    perSecond: (connected / ms) * 1000,
    refusals,
  };
  note(`${Math.round(round.perSecond)} connects/s, ${rounded(round.bytesEach / 1024, 1)} KiB each`);
  return round;
}

const connectFleet = (
  devices: LoadProcess<IdleAsk>,
  server: BenchServer,
  deviceIds: readonly string[],
): Promise<number> =>
  devices.ask<number>({ kind: 'connect', url: server.mqttUrl, secret: installation.deviceSecret, deviceIds, atOnce });
