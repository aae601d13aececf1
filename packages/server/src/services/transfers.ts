import type { Readable } from 'node:stream';
import { Problem } from '../domain/problem.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** One body on its way to a device. */
export interface Transfer {
  /** Exactly the promised bytes; fails where the file has fewer, so that no answer ends short unnoticed. */
  readonly body: AsyncIterable<Buffer>;
  /** Aborts when the transfer must end at once. */
  readonly cut: AbortSignal;
  /** Gives its place back; idempotent. */
  end(): void;
}

export interface TransferWish {
  /** Asked again and again while the transfer runs: true ends it. */
  isWithdrawn(): Promise<boolean>;
  /** Undefined: there is no such file any more. */
  open(): Promise<Readable | undefined>;
  readonly length: number;
}

export interface Transfers {
  /** Undefined where the file is gone. Problems: notReady (too many at once, or stopped). */
  begin(wish: TransferWish): Promise<Transfer | undefined>;
  readonly count: number;
  /** Cuts all and lets nobody begin; idempotent. */
  stop(): void;
}

export interface TransferParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly transfersMax: number;
  /** Device 8.2: a stop or deletion cuts within 5 s. */
  readonly checkMs?: number;
  /** A receiver that takes nothing for so long is gone. */
  readonly stallMs?: number;
}

interface Running {
  readonly wish: TransferWish;
  readonly cut: AbortController;
  moved: number;
  movedAtCheck: number;
  movedLastAt: number;
}

/** Asking takes a read of the database each: some at a time, so that they are not all in its way at once. */
const checksAtOnce = 16;

export function createTransfers(parts: TransferParts): Transfers {
  const { clock, log, transfersMax, checkMs = 4000, stallMs = 120_000 } = parts;
  const running = new Set<Running>();
  let timer: Timer | undefined;
  let stopped = false;

  const arm = (): void => {
    if (timer !== undefined || stopped || running.size === 0) return;
    timer = clock.setTimer(checkMs, () => void checkAll());
  };
  const checkAll = async (): Promise<void> => {
    const all = [...running];
    for (let at = 0; at < all.length; at += checksAtOnce) {
      await Promise.all(
        all.slice(at, at + checksAtOnce).map((transfer) => check(transfer, { now: clock.now(), stallMs, log })),
      );
    }
    timer = undefined;
    arm();
  };

  return {
    begin: async (wish) => {
      if (stopped || running.size >= transfersMax) throw new Problem('notReady');
      const transfer: Running = {
        wish,
        cut: new AbortController(),
        moved: 0,
        movedAtCheck: 0,
        movedLastAt: clock.now(),
      };
      // Its place is taken before anything is waited for, or many at once would all find one free.
      running.add(transfer);
      const leave = (): void => void running.delete(transfer);
      const source = await openOr(wish, leave);
      if (source === undefined) return undefined;
      arm();
      const end = (): void => {
        leave();
        // A body that nobody began to read closes nothing by itself.
        source.destroy();
      };
      return { body: measured(source, transfer), cut: transfer.cut.signal, end };
    },
    get count() {
      return running.size;
    },
    stop: () => {
      stopped = true;
      timer?.cancel();
      for (const { cut } of running) cut.abort();
    },
  };
}

async function openOr(wish: TransferWish, leave: () => void): Promise<Readable | undefined> {
  try {
    const source = await wish.open();
    if (source === undefined) leave();
    return source;
  } catch (error) {
    leave();
    throw error;
  }
}

async function* measured(source: Readable, transfer: Running): AsyncGenerator<Buffer> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    // Whoever asks for the next chunk has taken the one before.
    yield chunk;
    transfer.moved += chunk.length;
  }
  if (transfer.moved !== transfer.wish.length) throw new Error('A package file has another size than was stored.');
}

async function check(
  transfer: Running,
  { now, stallMs, log }: { now: number; stallMs: number; log: Log },
): Promise<void> {
  if (transfer.moved !== transfer.movedAtCheck) transfer.movedLastAt = now;
  transfer.movedAtCheck = transfer.moved;
  if (now - transfer.movedLastAt >= stallMs) {
    transfer.cut.abort();
    return;
  }
  try {
    if (await transfer.wish.isWithdrawn()) transfer.cut.abort();
  } catch (error) {
    // The transfer goes on: the next look decides.
    log.error({ err: error }, 'a running download could not be checked');
  }
}
