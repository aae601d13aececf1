import type { Session } from './gateway-hooks.ts';

/** Uplinks of one session take effect one after the other, in the order sent (device 2, uplink order); those of different sessions at once. */
export interface UplinkLines {
  /** When one has failed, the later ones of its session do not run and fail, too. */
  run(session: Session, work: () => Promise<void>): Promise<void>;
  /** Resolves when everything that was begun is over. */
  idle(): Promise<void>;
}

export function createUplinkLines(): UplinkLines {
  /** The last one of each session that has any. */
  const tails = new Map<Session, Promise<void>>();
  return {
    run(session, work) {
      const before = tails.get(session);
      const tail = before === undefined ? work() : before.then(work);
      tails.set(session, tail);
      const leave = (): void => {
        if (tails.get(session) === tail) tails.delete(session);
      };
      tail.then(leave, leave);
      return tail;
    },
    async idle() {
      while (tails.size > 0) await Promise.allSettled(tails.values());
    },
  };
}
