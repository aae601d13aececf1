import { awaitedRequestId } from '../domain/downlink.ts';
import type { DeviceId, ProjectId } from '../domain/ids.ts';
import type { NodeLetter } from '../domain/node-letter.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Hints } from '../ports/hints.ts';
import type { Log } from '../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../ports/periodic-job.ts';
import type { NodeStore } from '../ports/store/node-store.ts';

type LetterOf<Kind extends NodeLetter['kind']> = Extract<NodeLetter, { kind: Kind }>;

export interface MailRoomParts {
  readonly nodes: NodeStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly hints: Hints;
  readonly nodeName: string;
  /** To the devices that are connected here. */
  readonly local: DeviceLink;
  /** The answer to a request that leaves here goes back to the node that waits for it. */
  relay(command: { readonly rootId: DeviceId; readonly requestId: string; readonly to: string }): void;
  onReply(letter: LetterOf<'reply'>): void;
  onConsumersEnded(projectId: ProjectId, exceptKey: string): void;
}

/** Letters that one look takes: their transaction is short, and the next look follows at once. */
const lettersPerLook = 500;
/** The longest that a letter lies without a hint. */
const everyMs = 100;

/** Takes what other nodes have left for this one, and does it. */
export function createMailRoom(parts: MailRoomParts): PeriodicJob {
  const { nodes, clock, log, hints, nodeName } = parts;
  const open = createOpener(parts);
  const job = createPeriodicJob({
    what: 'letters of other nodes are taken',
    clock,
    log,
    everyMs,
    async step() {
      const letters = await nodes.take(nodeName, lettersPerLook);
      for (const letter of letters) open(letter);
      return letters.length === lettersPerLook;
    },
  });
  hints.onHint('letters', () => job.nudge());
  return job;
}

function createOpener({ local, relay, onReply, onConsumersEnded }: MailRoomParts): (letter: NodeLetter) => void {
  return (letter) => {
    switch (letter.kind) {
      case 'downlink': {
        const { downlink, replyTo: to } = letter;
        const requestId = awaitedRequestId(downlink.content);
        if (to !== undefined && requestId !== undefined) relay({ rootId: downlink.rootId, requestId, to });
        return local.send([downlink]);
      }
      case 'close':
        return local.close(letter.deviceIds, letter.reason, letter.olderThan);
      case 'close-consumers':
        return onConsumersEnded(letter.projectId, letter.exceptKey);
      case 'reply':
        return onReply(letter);
    }
  };
}
