#!/usr/bin/env node
import { setInterval as ticks } from 'node:timers/promises';
import { createProgram, prepareFleet, type SimulatorArguments } from './command-line.ts';
import { createFleet, type Fleet } from './fleet.ts';

const REPORT_MS = 5000;

function summary({ statistics }: Fleet): string {
  const { connected, refusals, offers, downloads, upgraded, upgradeFailures, commandsAnswered } = statistics;
  return (
    `${connected} connected, ${refusals} refused, ${offers} offers, ${downloads} downloads, ` +
    `${upgraded} upgraded, ${upgradeFailures} failed, ${commandsAnswered} commands answered`
  );
}

/** Prints what happens until the signal comes; progress goes to stderr, so that stdout holds the result alone. */
async function report(fleet: Fleet, signal: AbortSignal): Promise<void> {
  let last = '';
  try {
    for await (const _ of ticks(REPORT_MS, undefined, { signal })) {
      const text = summary(fleet);
      if (text !== last) console.error(text);
      last = text;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function run(args: SimulatorArguments): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
  const fleet = createFleet(await prepareFleet(args));
  void fleet.start().then(() => {
    if (!interrupted.signal.aborted) console.error(`All devices tried: ${summary(fleet)}`);
  });
  await report(fleet, interrupted.signal);
  await fleet.stop();
  console.log(args.json ? JSON.stringify(fleet.statistics) : summary(fleet));
}

createProgram(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
