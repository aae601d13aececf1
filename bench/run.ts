import { parseArgs } from 'node:util';
import { create } from './create.ts';
import { fanout } from './fanout.ts';
import { growth } from './growth.ts';
import type { Bench } from './lib/bench.ts';
import { settle } from './settle.ts';

const benches: readonly Bench[] = [settle, create, fanout, growth];

const roundsDefault = 3;

/** `npm run bench -- NAME [--store sqlite] [--count N] [--rounds N]`, or `--list`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      store: { type: 'string', default: 'sqlite' },
      count: { type: 'string' },
      rounds: { type: 'string', default: String(roundsDefault) },
    },
  });
  if (values.list || positionals.length === 0) {
    for (const bench of benches) console.log(`${bench.name.padEnd(10)} ${bench.about}`);
    return 0;
  }
  const bench = benches.find((candidate) => candidate.name === positionals[0]);
  if (bench === undefined) throw new Error(`There is no bench '${positionals[0]}'; --list names them.`);
  const store = bench.stores.find((candidate) => candidate === values.store);
  if (store === undefined)
    throw new Error(`The bench '${bench.name}' runs on ${bench.stores.join(', ')}, not '${values.store}'.`);
  const count = values.count === undefined ? undefined : positive('--count', values.count);
  const result = await bench.run({ store, count, rounds: positive('--rounds', values.rounds) });
  console.log(JSON.stringify(result));
  return result.pass ? 0 : 1;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a positive whole number, not '${text}'.`);
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
