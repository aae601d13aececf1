import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { type Bench, type BenchResult, note, type StoreName } from './bench.ts';
import { figuresTable, type Outcome, replaceFigures } from './figures.ts';
import { describeMachine } from './machine.ts';

export interface AllOptions {
  readonly stores: readonly StoreName[];
  readonly count: number | undefined;
  readonly rounds: number | undefined;
}

const page = join(import.meta.dirname, '../../docs/benchmarks.md');
const program = join(import.meta.dirname, '../run.ts');

/**
 * Every bench on every store, one after the other, each in a process of its own: what one leaves in memory does not weigh on the next.
 * Writes the tables of docs/benchmarks.md; figures at another scale than the bars' are only shown. Returns an exit code as one bench does.
 */
export async function runAll(benches: readonly Bench[], options: AllOptions): Promise<number> {
  const all: Outcome[] = [];
  for (const store of options.stores) {
    const from = performance.now();
    const outcomes: Outcome[] = [];
    for (const bench of benches) outcomes.push(await runOne(bench, store, options));
    all.push(...outcomes);
    const minutes = Math.round((performance.now() - from) / 60_000);
    const text = await describe(store, outcomes, minutes);
    note(`\n${text}\n`);
    if (options.count === undefined) await writeFile(page, replaceFigures(await readFile(page, 'utf8'), store, text));
  }
  if (all.some(({ result }) => result === undefined)) return 2;
  return all.every(({ result }) => result?.pass !== false) ? 0 : 1;
}

async function describe(store: StoreName, outcomes: readonly Outcome[], minutes: number): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const sentences = await describeMachine(store);
  return `Measured on ${day} in ${minutes} minutes on ${sentences.join(' ')}\n\n${figuresTable(outcomes)}`;
}

async function runOne({ name }: Bench, store: StoreName, { count, rounds }: AllOptions): Promise<Outcome> {
  note(`\n${name} on ${store}`);
  const scale = [
    ...(count === undefined ? [] : ['--count', String(count)]),
    ...(rounds === undefined ? [] : ['--rounds', String(rounds)]),
  ];
  const child = spawn(process.execPath, [...process.execArgv, program, name, '--store', store, ...scale], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([readText(child.stdout), once(child, 'close')]);
  const line = output.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return { bench: name, result: undefined };
  console.log(line);
  return { bench: name, result: JSON.parse(line) as BenchResult };
}
