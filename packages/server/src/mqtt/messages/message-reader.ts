import { asId, type DeviceId, type RecordId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageStore } from '../../ports/store/message-store.ts';
import { DelayLine } from '../delay-line.ts';
import type { MessageFlow } from './message-flow.ts';
import type { MessageLimits } from './message-limits.ts';
import { isMessageDownlink } from './message-payload.ts';
import type { MessageSender } from './message-sender.ts';

export interface MessageReaderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MessageLimits;
  readonly messages: Pick<MessageStore, 'listPending' | 'listWaitingChildren'>;
  readonly sender: MessageSender;
}

/** `more`: the next step has something to look at. */
type StepEnd = 'more' | 'no-room' | 'done';

const firstRecord = asId<RecordId>('');

/** Reads what is PENDING from the store, a few messages at a time, for as many sessions at once as memory allows. */
export class MessageReader {
  readonly #parts: MessageReaderParts;
  /** First come, first served: a set keeps the order of adding. */
  readonly #ready = new Set<MessageFlow>();
  readonly #fullFlows: DelayLine<MessageFlow>;
  readonly #rounds: DelayLine<{ readonly flow: MessageFlow; readonly roundNo: number }>;
  #steppingCount = 0;
  #isStopped = false;

  constructor(parts: MessageReaderParts) {
    this.#parts = parts;
    const { clock, limits } = parts;
    this.#fullFlows = new DelayLine(clock, limits.roomPollMs, (flow) => this.#lookAgain(flow));
    this.#rounds = new DelayLine(clock, limits.roundMs, ({ flow, roundNo }) => this.#nextRound(flow, roundNo));
  }

  /** Messages of these devices wait in the store. */
  read(flow: MessageFlow, deviceIds: Iterable<DeviceId>): void {
    for (const deviceId of deviceIds) flow.todo.add(deviceId);
    if (flow.state === 'idle') this.#queue(flow);
  }

  /** The first of up to five rounds (device 6.3), with what waits for these devices; absent: for all of the session. */
  startRounds(flow: MessageFlow, deviceIds?: readonly DeviceId[]): void {
    if (deviceIds === undefined) flow.scanAfter = '';
    flow.roundsLeft = this.#parts.limits.roundsMax;
    this.#beginRound(flow, deviceIds ?? [flow.session.device.deviceId]);
  }

  /** Calls once what waits has been read, or nothing can be read because the session is full. */
  whenRead(flow: MessageFlow, told: () => void): void {
    if (flow.state === 'blocked') told();
    else flow.whenRead.push(told);
  }

  /** There may be room in the session again. */
  wake(flow: MessageFlow): void {
    if (flow.state === 'blocked' && this.#isWorthAStep(flow)) this.#queue(flow);
  }

  stop(): void {
    this.#isStopped = true;
    this.#ready.clear();
    this.#fullFlows.stop();
    this.#rounds.stop();
  }

  /** One that has ended is stepped once more, to be left alone from then on. */
  #isWorthAStep(flow: MessageFlow): boolean {
    return !flow.session.isOpen || this.#parts.sender.hasRoom(flow);
  }

  #poll(flow: MessageFlow): void {
    if (flow.isPolled || this.#isStopped) return;
    flow.isPolled = true;
    this.#fullFlows.add(flow);
  }

  #lookAgain(flow: MessageFlow): void {
    flow.isPolled = false;
    if (flow.state !== 'blocked') return;
    if (this.#isWorthAStep(flow)) this.#queue(flow);
    else this.#poll(flow);
  }

  #queue(flow: MessageFlow): void {
    flow.state = 'queued';
    this.#ready.add(flow);
    this.#pump();
  }

  #pump(): void {
    for (const flow of this.#ready) {
      if (this.#isStopped || this.#steppingCount >= this.#parts.limits.readersMax) return;
      this.#ready.delete(flow);
      this.#steppingCount += 1;
      flow.state = 'stepping';
      void this.#step(flow);
    }
  }

  /** Never rejects. */
  async #step(flow: MessageFlow): Promise<void> {
    let end: StepEnd;
    try {
      end = await this.#advance(flow);
    } catch (err) {
      const { deviceId } = flow.session.device;
      this.#parts.log.warn({ err, deviceId }, 'messages could not be read; it is tried again');
      end = 'no-room';
    }
    for (const key of flow.settled.splice(0)) flow.settling.delete(key);
    this.#steppingCount -= 1;
    this.#finishStep(flow, end);
    this.#pump();
  }

  #finishStep(flow: MessageFlow, end: StepEnd): void {
    this.#startRoundTimer(flow);
    if (end === 'no-room') {
      flow.state = 'blocked';
      // Otherwise the store has not answered, and what waits there is still to come.
      if (!this.#isWorthAStep(flow)) tellRead(flow);
      this.#poll(flow);
    } else if (end === 'more' || flow.todo.size > 0) {
      this.#queue(flow);
    } else {
      flow.state = 'idle';
      tellRead(flow);
      // Nothing has left that could need another round.
      if (flow.isRoundFresh) flow.roundsLeft = 0;
      flow.isRoundFresh = false;
    }
  }

  async #advance(flow: MessageFlow): Promise<StepEnd> {
    if (!flow.session.isOpen) {
      forgetWork(flow);
      return 'done';
    }
    flow.current ??= takeNext(flow);
    const { current } = flow;
    if (current === undefined) return this.#scanChildren(flow);
    const { sender, messages, limits } = this.#parts;
    if (!sender.hasRoom(flow)) return 'no-room';
    const step = { after: current.after, limit: limits.readMax };
    const downlinks = await messages.listPending(current.deviceId, step);
    for (const downlink of downlinks.filter(isMessageDownlink)) {
      if (!sender.offer(flow, downlink)) return 'no-room';
      current.after = downlink.content.recordId;
    }
    if (downlinks.length < limits.readMax) flow.current = undefined;
    return 'more';
  }

  async #scanChildren(flow: MessageFlow): Promise<StepEnd> {
    if (flow.scanAfter === undefined) return 'done';
    const { deviceId } = flow.session.device;
    const { deviceIds, next } = await this.#parts.messages.listWaitingChildren(deviceId, flow.scanAfter);
    for (const childId of deviceIds) flow.todo.add(childId);
    flow.scanAfter = next;
    return 'more';
  }

  #beginRound(flow: MessageFlow, deviceIds: Iterable<DeviceId>): void {
    flow.roundNo += 1;
    flow.roundsLeft -= 1;
    flow.isRoundFresh = true;
    this.read(flow, deviceIds);
  }

  /** Idle sessions, nearly all of them, need no timer: only what waits for a PUBACK may need another round. */
  #startRoundTimer(flow: MessageFlow): void {
    if (!flow.isRoundFresh || flow.inFlight.size === 0 || this.#isStopped) return;
    flow.isRoundFresh = false;
    this.#rounds.add({ flow, roundNo: flow.roundNo });
  }

  #nextRound(flow: MessageFlow, roundNo: number): void {
    if (roundNo !== flow.roundNo || !flow.session.isOpen || flow.roundsLeft === 0) return;
    if (flow.givenUp.size > 0) {
      const deviceIds = new Set([...flow.givenUp.values()].map(({ deviceId }) => deviceId));
      flow.givenUp.clear();
      this.#beginRound(flow, deviceIds);
    } else if (flow.inFlight.size > 0 || flow.state !== 'idle') {
      this.#rounds.add({ flow, roundNo });
    } else {
      flow.roundsLeft = 0;
    }
  }
}

function takeNext(flow: MessageFlow): MessageFlow['current'] {
  const [deviceId] = flow.todo;
  if (deviceId === undefined) return undefined;
  flow.todo.delete(deviceId);
  return { deviceId, after: firstRecord };
}

function tellRead(flow: MessageFlow): void {
  for (const told of flow.whenRead.splice(0)) told();
}

function forgetWork(flow: MessageFlow): void {
  flow.todo.clear();
  flow.current = undefined;
  flow.scanAfter = undefined;
}
