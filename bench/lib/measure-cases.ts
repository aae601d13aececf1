import { median, note, p99, rounded, timed } from './bench.ts';

const callsPerRound = 15;
const bareCalls = 3;
const warmUpCalls = 3;

/** One call, and what it is held against. */
export interface MeasuredCase {
  readonly name: string;
  readonly barMs: number;
  call(): Promise<unknown>;
  /** The same page and count in bare SQL. */
  readonly bare?: readonly string[] | undefined;
}

/** Of one case; milliseconds. */
export interface Measured extends Pick<MeasuredCase, 'name' | 'barMs'> {
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of the bare SQL. */
  readonly bareMs: number | undefined;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Runs a bare statement on the same database. */
  run(sql: string): Promise<void>;
}

/** One after the other; each case is a row of a table on standard error. */
export async function measureCases(
  cases: readonly MeasuredCase[],
  { rounds, run }: MeasureOptions,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  // A server that has been up for a while has compiled what it runs.
  for (const one of cases) for (let call = 0; call < warmUpCalls; call += 1) await one.call();
  note(`| case | median ms | p99 ms | bare SQL ms |  |\n| --- | --- | --- | --- | --- |`);
  for (const one of cases) {
    const times: number[] = [];
    for (let call = 0; call < callsPerRound * rounds; call += 1)
      times.push(
        await timed(async () => {
          await one.call();
        }),
      );
    const bareMs = await timeBare(one, run);
    const result = { name: one.name, barMs: one.barMs, medianMs: median(times), p99Ms: p99(times), bareMs };
    measured.push(result);
    note(rowOf(result));
  }
  return measured;
}

export const isOver = ({ medianMs, barMs }: Measured): boolean => medianMs >= barMs;

/** The yardstick of a result: medians over the cases that have a bare statement. */
export function besideBare(measured: readonly Measured[]) {
  const beside = measured.flatMap(({ medianMs, bareMs }) => (bareMs === undefined ? [] : [{ medianMs, bareMs }]));
  return {
    yardsticks: { bareMedianMs: rounded(median(beside.map(({ bareMs }) => bareMs)), 1) },
    ratios: { bare: rounded(median(beside.map(({ medianMs, bareMs }) => medianMs / bareMs))) },
  };
}

async function timeBare({ bare }: MeasuredCase, run: MeasureOptions['run']): Promise<number | undefined> {
  if (bare === undefined) return undefined;
  const times: number[] = [];
  for (let call = 0; call < bareCalls; call += 1)
    times.push(
      await timed(async () => {
        for (const text of bare) await run(text);
      }),
    );
  return median(times);
}

function rowOf(measured: Measured): string {
  const { name, medianMs, p99Ms, bareMs } = measured;
  const bare = bareMs === undefined ? '' : rounded(bareMs, 1);
  return `| ${name} | ${rounded(medianMs, 1)} | ${rounded(p99Ms, 1)} | ${bare} | ${isOver(measured) ? '**over**' : ''} |`;
}
