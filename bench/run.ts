import { parseArgs } from 'node:util';
import { connect } from './connect.ts';
import { create } from './create.ts';
import { fanout } from './fanout.ts';
import { growth } from './growth.ts';
import { importRows } from './import.ts';
import { legacy } from './legacy.ts';
import { type Bench, storeNames, type StoreName } from './lib/bench.ts';
import { runAll } from './lib/run-all.ts';
import { lists } from './lists.ts';
import { memory } from './memory.ts';
import { outbox } from './outbox.ts';
import { push } from './push.ts';
import { responsive } from './responsive.ts';
import { settle } from './settle.ts';

const benches: readonly Bench[] = [
  settle,
  create,
  fanout,
  growth,
  responsive,
  memory,
  importRows,
  connect,
  outbox,
  push,
  lists,
  legacy,
];

const usage = `npm run bench -- NAME [--store sqlite|postgres] [--count N] [--rounds N]
npm run bench -- all [--store sqlite|postgres]   every bench, on both stores where none is named; writes docs/benchmarks.md`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      store: { type: 'string' },
      count: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const [name, ...more] = positionals;
  if (values.list || values.help || name === undefined) return list();
  if (more.length > 0) throw new Error(`One bench at a time, or 'all': '${more.join(' ')}' is too much.`);
  const store = values.store === undefined ? undefined : storeNamed(values.store);
  const count = positive('--count', values.count);
  const rounds = positive('--rounds', values.rounds);
  if (name === 'all') return runAll(benches, { stores: store === undefined ? storeNames : [store], count, rounds });
  const bench = benches.find((candidate) => candidate.name === name);
  if (bench === undefined) throw new Error(`There is no bench '${name}'; --list names them.`);
  const result = await bench.run({ store: store ?? 'sqlite', count, rounds: rounds ?? bench.rounds });
  if (count !== undefined) {
    // The bars are about the full size.
    console.log(JSON.stringify({ ...result, count, pass: null }));
    return 0;
  }
  console.log(JSON.stringify(result));
  return result.pass ? 0 : 1;
}

function list(): number {
  for (const { name, about } of benches) console.log(`${name.padEnd(10)} ${about}`);
  console.log(`\n${usage}`);
  return 0;
}

function storeNamed(text: string): StoreName {
  const store = storeNames.find((candidate) => candidate === text);
  if (store === undefined) throw new Error(`--store is ${storeNames.join(' or ')}, not '${text}'.`);
  return store;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a positive whole number, not '${text}'.`);
  return value;
}

async function exitCode(): Promise<number> {
  try {
    return await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

// Said outright: the package that brings PostgreSQL ends a process with 0 once there is nothing left to do, whatever its `exitCode`.
process.exit(await exitCode());
