import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob } from '../ports/periodic-job.ts';
import type { Random } from '../ports/random.ts';
import type { NodeBeat, NodeRef, NodeStore } from '../ports/store/node-store.ts';

export interface MembershipParts {
  readonly nodes: NodeStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly nodeName: string;
  /** MUSTER_NODE_LEASE_SECONDS: after so long a silence the others take a node for dead. */
  readonly leaseMs: number;
  /** The database's clock at that moment, ms since epoch. */
  onTime(databaseNow: number): void;
  /** This node was taken for dead, or has not reached the database for long: its devices must go elsewhere. */
  onLost(): void;
  /** Another process has taken this node's name: this one may not go on. */
  onReplaced(): void;
}

/** This process as one of the nodes of its installation. */
export interface Membership {
  /** Takes the name; before any device is let in. */
  start(): Promise<void>;
  /** Leaves, if it has started. */
  stop(): Promise<void>;
  /** It has told the others lately that it lives. */
  readonly isFresh: boolean;
}

/** Five beats must fail before a node is taken for dead. */
const beatsPerLease = 5;
/** So long a node keeps its connections without the database: when that comes back, all goes on at once. */
const leasesWithoutDatabase = 6;
/** Sessions of a dead node ended in one transaction. */
const buryStep = 1000;

export function createMembership(parts: MembershipParts): Membership {
  return new Member(parts);
}

class Member implements Membership {
  readonly #parts: MembershipParts;
  #ref: NodeRef;
  /** Of the last beat that was taken. */
  #beatAt = Number.NEGATIVE_INFINITY;
  /** Since when beats have been taken without a longer pause. */
  #steadySince = 0;
  #isAway = false;
  #hasStarted = false;
  readonly #job;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    this.#ref = this.#newLife();
    this.#job = createPeriodicJob({
      what: 'this node tells the others that it lives',
      clock: parts.clock,
      log: parts.log,
      everyMs: parts.leaseMs / beatsPerLease,
      step: async () => {
        await this.#beat();
        return false;
      },
    });
  }

  get isFresh(): boolean {
    return this.#silentMs < this.#parts.leaseMs;
  }

  async start(): Promise<void> {
    await this.#register();
    this.#hasStarted = true;
    this.#job.start();
  }

  async stop(): Promise<void> {
    if (!this.#hasStarted) return;
    await this.#job.stop();
    await this.#parts.nodes.leave(this.#ref);
  }

  get #silentMs(): number {
    return this.#parts.clock.now() - this.#beatAt;
  }

  #newLife(): NodeRef {
    return { name: this.#parts.nodeName, instance: this.#parts.random.uuid() };
  }

  async #register(): Promise<void> {
    this.#ref = this.#newLife();
    this.#taken(await this.#parts.nodes.register(this.#ref));
  }

  async #beat(): Promise<void> {
    const { nodes, leaseMs, log } = this.#parts;
    let beat: NodeBeat;
    try {
      beat = await nodes.beat(this.#ref);
    } catch (error) {
      this.#sayThatItIsAway();
      if (this.#silentMs > leaseMs * leasesWithoutDatabase) this.#parts.onLost();
      throw error;
    }
    if (beat.isOurs) {
      this.#taken(beat);
      await this.#buryTheDead();
    } else if (beat.isReplaced) {
      log.error(
        { node: this.#ref.name },
        'another process has taken the name of this node: MUSTER_NODE_NAME must be unique',
      );
      this.#parts.onReplaced();
    } else {
      log.warn({ node: this.#ref.name }, 'this node was silent for too long and was given up; it begins anew');
      this.#parts.onLost();
      await this.#register();
    }
  }

  /** Once, when this node stops being ready; every failure by itself is the periodic job's to tell. */
  #sayThatItIsAway(): void {
    if (this.isFresh || this.#isAway) return;
    this.#isAway = true;
    const { log, leaseMs } = this.#parts;
    log.warn({ leaseMs }, 'the database has not answered for a lease: this node is not ready until it does');
  }

  #taken({ now }: NodeBeat): void {
    this.#parts.onTime(now);
    const { clock, leaseMs, log } = this.#parts;
    if (this.#isAway) log.info({ silentMs: this.#silentMs }, 'the database answers again');
    this.#isAway = false;
    if (this.#silentMs > leaseMs) this.#steadySince = clock.now();
    this.#beatAt = clock.now();
  }

  /** After an outage of the database everybody was silent: who has just come back leaves the others the time to do so, too. */
  async #buryTheDead(): Promise<void> {
    const { nodes, clock, leaseMs, log } = this.#parts;
    if (clock.now() - this.#steadySince < leaseMs) return;
    const options = { silentMs: leaseMs, at: clock.now(), limit: buryStep };
    const names = new Set<string>();
    for (let name = await nodes.bury(options); name !== undefined; name = await nodes.bury(options)) {
      if (!names.has(name))
        log.warn({ node: name }, 'another node is taken for dead: its devices and its work are free');
      names.add(name);
    }
  }
}
