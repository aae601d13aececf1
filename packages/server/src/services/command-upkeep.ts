import type { RunEvent } from '../domain/device-event.ts';
import type { Downlink } from '../domain/downlink.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { CommandStore, DueCommand } from '../ports/store/command-store.ts';
import type { EffectStore } from '../ports/store/message-store.ts';

export interface CommandUpkeepParts {
  readonly store: { readonly commands: CommandStore; readonly effects: EffectStore };
  readonly clock: Clock;
  readonly log: Log;
  readonly answerMs: number;
  /** The run of a task ends with its command. Resolves when that is durable. */
  collect(ref: RunRef, from: undefined, event: RunEvent): Promise<void>;
  send(downlinks: readonly Downlink[]): void;
}

/** How late an end may be. */
const everyMs = 1000;
/** Commands ended in one step. */
const stepMax = 200;
/** How long an ended command can still be looked up. */
const keptMs = 7 * 24 * 3_600_000;

type Overdue = DueCommand & { readonly end: NonNullable<DueCommand['end']> };
const isOver = (command: DueCommand): command is Overdue => command.end !== undefined;

/** Ends asynchronous commands whose time is over, or sends them once more, and forgets what has ended (device 6.2). */
export function createCommandUpkeep(parts: CommandUpkeepParts): PeriodicJob {
  const { store, clock, log } = parts;
  return createPeriodicJob({
    what: 'asynchronous commands whose time is over are ended',
    clock,
    log,
    everyMs,
    async step() {
      const now = clock.now();
      const due = await store.commands.listDue(now, stepMax);
      const { again = [], waiting = [] } = Object.groupBy(
        due.filter((command) => !isOver(command)),
        (command) => (command.again ? 'again' : 'waiting'),
      );
      await lookAgain(parts, waiting);
      await sendAgain(parts, again);
      const areTold = await endOverdue(parts, due.filter(isOver));
      const purged = await store.commands.purge(now - keptMs, stepMax);
      return (areTold && due.length === stepMax) || purged === stepMax;
    },
  });
}

async function lookAgain({ store, clock, answerMs, send }: CommandUpkeepParts, due: readonly DueCommand[]) {
  if (due.length === 0) return;
  const deviceIds = due.map(({ deviceId }) => deviceId);
  const downlinks = await store.commands.claim(deviceIds, { now: clock.now(), answerMs });
  if (downlinks.length > 0) send(downlinks);
}

/** Legacy 7, maxRetransmit. */
async function sendAgain({ store, clock, answerMs, send }: CommandUpkeepParts, due: readonly DueCommand[]) {
  if (due.length === 0) return;
  const commandIds = due.map(({ commandId }) => commandId);
  const downlinks = await store.commands.retransmit(commandIds, { now: clock.now(), answerMs });
  if (downlinks.length > 0) send(downlinks);
}

/** False: some runs could not be told; their commands stay as they are and are told again. */
async function endOverdue(parts: CommandUpkeepParts, overdue: readonly Overdue[]): Promise<boolean> {
  const told = await Promise.all(overdue.map((command) => tellRun(parts, command)));
  const ended = overdue.filter((_command, index) => told[index]);
  for (const [projectId, commands] of Map.groupBy(ended, (command) => command.projectId)) {
    // Those of a run have ended with it; should it have been over already, they end here.
    const { sent } = await parts.store.effects.apply(
      projectId,
      commands.map(({ deviceId, commandId, end }) => {
        const { answerMs } = parts;
        return { kind: 'settleCommand', deviceId, commandId, status: end, at: parts.clock.now(), answerMs };
      }),
    );
    if (sent.length > 0) parts.send(sent.map(({ downlink }) => downlink));
  }
  return ended.length === overdue.length;
}

async function tellRun({ collect, log }: CommandUpkeepParts, { run, end, commandId }: Overdue): Promise<boolean> {
  if (run === undefined) return true;
  try {
    await collect(run, undefined, { kind: 'command-overdue', status: end });
    return true;
  } catch (err) {
    log.warn({ err, commandId }, 'the run of a command could not be told of its end');
    return false;
  }
}
