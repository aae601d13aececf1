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

/** Reads what is PENDING from the store, a few messages at a time, for as many sessions at once as memory allows. */
export interface MessageReader {
  /** Messages of these devices wait in the store. */
  read(flow: MessageFlow, deviceIds: readonly DeviceId[]): void;
  /** The first of up to five rounds (device 6.3), with what waits for these devices; absent: for all of the session. */
  startRounds(flow: MessageFlow, deviceIds?: readonly DeviceId[]): void;
  /** There may be room in the session again. */
  wake(flow: MessageFlow): void;
  stop(): void;
}

/** `more`: the next step has something to look at. */
type StepEnd = 'more' | 'no-room' | 'done';

const firstRecord = asId<RecordId>('');

export function createMessageReader({ clock, log, limits, messages, sender }: MessageReaderParts): MessageReader {
  /** First come, first served: a set keeps the order of adding. */
  const ready = new Set<MessageFlow>();
  let steppingCount = 0;
  let isStopped = false;
  const fullFlows = new DelayLine<MessageFlow>(clock, limits.roomPollMs, (flow) => {
    flow.isPolled = false;
    if (flow.state !== 'blocked') return;
    if (isWorthAStep(flow)) queue(flow);
    else poll(flow);
  });
  const rounds = new DelayLine<{ flow: MessageFlow; roundNo: number }>(clock, limits.roundMs, nextRound);

  /** One that has ended is stepped once more, to be left alone from then on. */
  const isWorthAStep = (flow: MessageFlow): boolean => !flow.session.isOpen || sender.hasRoom(flow);

  function poll(flow: MessageFlow): void {
    if (flow.isPolled || isStopped) return;
    flow.isPolled = true;
    fullFlows.add(flow);
  }

  function queue(flow: MessageFlow): void {
    flow.state = 'queued';
    ready.add(flow);
    pump();
  }

  function pump(): void {
    for (const flow of ready) {
      if (isStopped || steppingCount >= limits.readersMax) return;
      ready.delete(flow);
      steppingCount += 1;
      flow.state = 'stepping';
      void step(flow);
    }
  }

  /** Never rejects. */
  async function step(flow: MessageFlow): Promise<void> {
    let end: StepEnd;
    try {
      end = await advance(flow);
    } catch (err) {
      log.warn({ err, deviceId: flow.session.device.deviceId }, 'messages could not be read; it is tried again');
      end = 'no-room';
    }
    for (const key of flow.settled.splice(0)) flow.settling.delete(key);
    steppingCount -= 1;
    finishStep(flow, end);
    pump();
  }

  function finishStep(flow: MessageFlow, end: StepEnd): void {
    startRoundTimer(flow);
    if (end === 'no-room') {
      flow.state = 'blocked';
      poll(flow);
    } else if (end === 'more' || flow.todo.size > 0) {
      queue(flow);
    } else {
      flow.state = 'idle';
      // Nothing left that could need another round.
      if (flow.isRoundFresh) flow.roundsLeft = 0;
      flow.isRoundFresh = false;
    }
  }

  async function advance(flow: MessageFlow): Promise<StepEnd> {
    if (!flow.session.isOpen) {
      forgetWork(flow);
      return 'done';
    }
    if (flow.current === undefined && !takeNext(flow)) return scanChildren(flow);
    const { current } = flow;
    if (current === undefined) return 'done';
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

  function takeNext(flow: MessageFlow): boolean {
    const [deviceId] = flow.todo;
    if (deviceId === undefined) return false;
    flow.todo.delete(deviceId);
    flow.current = { deviceId, after: firstRecord };
    return true;
  }

  async function scanChildren(flow: MessageFlow): Promise<StepEnd> {
    if (flow.scanAfter === undefined) return 'done';
    const { deviceIds, next } = await messages.listWaitingChildren(flow.session.device.deviceId, flow.scanAfter);
    for (const deviceId of deviceIds) flow.todo.add(deviceId);
    flow.scanAfter = next;
    return 'more';
  }

  function beginRound(flow: MessageFlow, deviceIds: Iterable<DeviceId>): void {
    flow.roundNo += 1;
    flow.roundsLeft -= 1;
    flow.isRoundFresh = true;
    read(flow, deviceIds);
  }

  /** Idle sessions, nearly all of them, need no timer: only what waits for a PUBACK may need another round. */
  function startRoundTimer(flow: MessageFlow): void {
    if (!flow.isRoundFresh || flow.inFlight.size === 0 || isStopped) return;
    flow.isRoundFresh = false;
    rounds.add({ flow, roundNo: flow.roundNo });
  }

  function nextRound(round: { flow: MessageFlow; roundNo: number }): void {
    const { flow, roundNo } = round;
    if (roundNo !== flow.roundNo || !flow.session.isOpen) return;
    if (flow.roundsLeft === 0) return;
    if (flow.givenUp.size > 0) {
      const deviceIds = new Set([...flow.givenUp.values()].map(({ deviceId }) => deviceId));
      flow.givenUp.clear();
      beginRound(flow, deviceIds);
    } else if (flow.inFlight.size > 0 || flow.state !== 'idle') {
      rounds.add(round);
    } else {
      flow.roundsLeft = 0;
    }
  }

  function read(flow: MessageFlow, deviceIds: Iterable<DeviceId>): void {
    for (const deviceId of deviceIds) flow.todo.add(deviceId);
    if (flow.state === 'idle') queue(flow);
  }

  return {
    read,
    startRounds(flow, deviceIds) {
      if (deviceIds === undefined) flow.scanAfter = '';
      flow.roundsLeft = limits.roundsMax;
      beginRound(flow, deviceIds ?? [flow.session.device.deviceId]);
    },
    wake(flow) {
      if (flow.state === 'blocked' && isWorthAStep(flow)) queue(flow);
    },
    stop() {
      isStopped = true;
      ready.clear();
      fullFlows.stop();
      rounds.stop();
    },
  };
}

function forgetWork(flow: MessageFlow): void {
  flow.todo.clear();
  flow.current = undefined;
  flow.scanAfter = undefined;
}
