import { readFile } from 'node:fs/promises';
import { createV5Client } from '@muster/sdk';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceBehaviour, DeviceSpec } from './behaviour.ts';
import type { FleetOptions } from './fleet.ts';
import { registerDevices } from './register-devices.ts';
import { type BehaviourShare, shareOut } from './share.ts';

/** What the command was asked to do. */
export interface SimulatorArguments {
  readonly mqtt: string;
  readonly devices?: string;
  readonly endpoint?: string;
  readonly project?: string;
  readonly ak?: string;
  readonly sk?: string;
  readonly product?: string;
  readonly count: number;
  readonly prefix: string;
  readonly seed: number;
  readonly failRate: number;
  readonly failCode: number;
  readonly silentRate: number;
  readonly offlineRate: number;
  readonly latencyMs: number;
  readonly installMs: number;
  readonly churn: number;
  readonly connects: number;
  readonly json: boolean;
}

const parseNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Not a number from ${min} to ${max}.`);
    }
    return value;
  };

const numberOption = (flags: string, text: string, range: readonly [min: number, max: number, value: number]): Option =>
  new Option(flags, text).default(range[2]).argParser(parseNumber(range[0], range[1]));

/** The options of `muster-sim`; `action` gets them parsed. */
export function createProgram(action: (args: SimulatorArguments) => Promise<void>): Command {
  return new Command('muster-sim')
    .description('Connects a fleet of simulated devices and lets them answer by script until it is interrupted')
    .addOption(new Option('--mqtt <url>', 'address of the devices’ listener').default('mqtt://127.0.0.1:1883'))
    .addOption(new Option('--devices <file>', 'JSON list of devices: [{deviceId, secret, behaviour?, children?}]'))
    .addOption(new Option('--endpoint <url>', 'address of the API: creates the devices of a product there'))
    .addOption(new Option('--project <id>', 'project of the API').env('MUSTER_PROJECT_ID'))
    .addOption(new Option('--ak <key>', 'access key of the API').env('MUSTER_ADMIN_AK'))
    .addOption(new Option('--sk <secret>', 'its secret key').env('MUSTER_ADMIN_SK'))
    .addOption(new Option('--product <id>', 'product of the devices that are created'))
    .addOption(numberOption('--count <n>', 'number of devices that are created', [1, 1_000_000, 100]))
    .addOption(new Option('--prefix <text>', 'beginning of their node ids').default('sim-'))
    .addOption(numberOption('--seed <n>', 'same seed, same run', [0, 0xffff_ffff, 1]))
    .addOption(numberOption('--fail-rate <share>', 'share of devices whose upgrades fail', [0, 1, 0]))
    .addOption(numberOption('--fail-code <n>', 'result code that they report', [1, 255, 10]))
    .addOption(numberOption('--silent-rate <share>', 'share of devices that never answer', [0, 1, 0]))
    .addOption(numberOption('--offline-rate <share>', 'share of devices that never connect', [0, 1, 0]))
    .addOption(numberOption('--latency-ms <n>', 'mean time before an answer', [0, 600_000, 25]))
    .addOption(numberOption('--install-ms <n>', 'mean time from download to final report', [0, 3_600_000, 150]))
    .addOption(numberOption('--churn <n>', 'links that break per second', [0, 10_000, 0]))
    .addOption(numberOption('--connects <n>', 'connects at once', [1, 10_000, 50]))
    .option('--json', 'print the statistics as one JSON line at the end', false)
    .action(action);
}

function sharesOf(args: SimulatorArguments): BehaviourShare[] {
  const silent: DeviceBehaviour = {
    upgrade: { kind: 'silent' },
    command: { kind: 'silent' },
    properties: { kind: 'silent' },
  };
  return [
    { name: 'fail', share: args.failRate, behaviour: { upgrade: { kind: 'fail', resultCode: args.failCode } } },
    { name: 'silent', share: args.silentRate, behaviour: silent },
    { name: 'offline', share: args.offlineRate, behaviour: { upgrade: { kind: 'offline' } } },
  ];
}

async function readDevices(file: string): Promise<DeviceSpec[]> {
  const list: unknown = JSON.parse(await readFile(file, 'utf8'));
  const isSpec = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && 'deviceId' in one && 'secret' in one;
  if (!Array.isArray(list) || !list.every(isSpec)) {
    throw new TypeError(`${file}: not a list of objects with deviceId and secret`);
  }
  return list as DeviceSpec[];
}

async function createOnServer(args: SimulatorArguments): Promise<DeviceSpec[]> {
  const { endpoint, project, ak, sk, product } = args;
  if (
    endpoint === undefined ||
    project === undefined ||
    ak === undefined ||
    sk === undefined ||
    product === undefined
  ) {
    throw new TypeError('Give either --devices, or --endpoint, --project, --ak, --sk and --product');
  }
  const credentials = { kind: 'aksk', accessKey: ak, secretKey: sk } as const;
  const client = createV5Client({ endpoint, projectId: project, credentials });
  const { count, prefix, seed } = args;
  return registerDevices(client, { productId: product, count, prefix, seed });
}

/** Finds or creates the devices and gives each its part; behaviour written in a devices file wins over the rates. */
export async function prepareFleet(args: SimulatorArguments): Promise<FleetOptions> {
  const known = args.devices === undefined ? await createOnServer(args) : await readDevices(args.devices);
  const ids = known.map(({ deviceId }) => deviceId);
  const dealt = shareOut(ids, sharesOf(args), args.seed);
  const devices = known.map((spec) => ({
    ...spec,
    behaviour: spec.behaviour ?? dealt.get(spec.deviceId)?.behaviour ?? {},
  }));
  const mean = (ms: number) => ({ kind: 'exponential', meanMs: ms, maxMs: ms * 10 }) as const;
  return {
    mqttUrl: args.mqtt,
    devices,
    seed: args.seed,
    latency: mean(args.latencyMs),
    install: mean(args.installMs),
    connectConcurrency: args.connects,
    churn: { dropsPerSecond: args.churn, away: mean(1000) },
  };
}
