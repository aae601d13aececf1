import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly devices: number;
  /** Share of devices that report a failure, 0..1. */
  readonly failRate: number;
  /** Share of devices that never connect, 0..1. */
  readonly offlineRate: number;
  /** Through the legacy API, over HTTPS. */
  readonly legacy: boolean;
  /** Leave the server running at the end. */
  readonly keep: boolean;
  readonly json: boolean;
}

export const demoUsage = `npm run demo -- [options]
  --devices N          size of the simulated fleet (default 200)
  --fail-rate R        share of devices that report a failure, 0..1 (default 0.05)
  --offline-rate R     share of devices that never connect, 0..1 (default 0.05)
  --legacy             through the legacy API, over HTTPS, instead of the v5 API
  --keep               leave the server running, print its address and credentials
  --json               print the summary as one JSON line, last on standard output`;

/** Throws an Error that names the option. Undefined: help was asked for. */
export function parseDemoOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      devices: { type: 'string', default: '200' },
      'fail-rate': { type: 'string', default: '0.05' },
      'offline-rate': { type: 'string', default: '0.05' },
      legacy: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const options = {
    devices: number('--devices', values.devices, { min: 1, max: 30_000, whole: true }),
    failRate: number('--fail-rate', values['fail-rate'], { min: 0, max: 1 }),
    offlineRate: number('--offline-rate', values['offline-rate'], { min: 0, max: 1 }),
    legacy: values.legacy,
    keep: values.keep,
    json: values.json,
  };
  if (options.failRate + options.offlineRate > 1) throw new Error('--fail-rate and --offline-rate together exceed 1.');
  return options;
}

function number(name: string, text: string, rule: { min: number; max: number; whole?: boolean }): number {
  const value = Number(text);
  const fits = text.trim() !== '' && value >= rule.min && value <= rule.max && (!rule.whole || Number.isInteger(value));
  if (!fits)
    throw new Error(
      `${name} must be a ${rule.whole ? 'whole ' : ''}number from ${rule.min} to ${rule.max}, not '${text}'.`,
    );
  return value;
}
