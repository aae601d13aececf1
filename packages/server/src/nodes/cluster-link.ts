import type { Downlink } from '../domain/downlink.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Hints } from '../ports/hints.ts';
import type { Log } from '../ports/log.ts';
import type { NodeStore } from '../ports/store/node-store.ts';

export interface ClusterLinkParts {
  /** To the devices that are connected here. */
  readonly local: DeviceLink;
  readonly nodes: NodeStore;
  readonly nodeName: string;
  readonly hints: Hints;
  readonly log: Log;
  /** Whether the device is connected here. */
  holds(rootId: DeviceId): boolean;
  /** A transaction may have left letters for this node, too. */
  onPosted(): void;
}

export interface ClusterLink extends DeviceLink {
  /** Resolves when everything that was handed over has been posted. */
  stop(): Promise<void>;
}

/** What waits for the store; beyond, commands and upgrades are left to their time-outs and messages to their next look. */
const waitingMax = 10_000;

/** The way to the devices of all nodes: straight to those that are connected here, by letters to the others. */
export function createClusterLink(parts: ClusterLinkParts): ClusterLink {
  const { local, nodes, nodeName, hints, log } = parts;
  let waiting: Downlink[] = [];
  let posting: Promise<void> | undefined;

  async function postAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const homeless = await nodes.postDownlinks(nodeName, batch);
        // Connected nowhere: each kind has its own rule for that (device 4.6). Or here, since a moment ago.
        if (homeless.length > 0) local.send(homeless.map((index) => batch[index] as Downlink));
        if (homeless.length < batch.length) hints.tell('letters');
      } catch (error) {
        log.error({ err: error, downlinks: batch.length }, 'downlinks for other nodes could not be handed over');
      }
    }
    posting = undefined;
  }

  function post(downlinks: readonly Downlink[]): void {
    if (waiting.length + downlinks.length > waitingMax) {
      log.warn({ downlinks: downlinks.length }, 'too many downlinks wait for other nodes');
      return;
    }
    waiting.push(...downlinks);
    posting ??= postAll();
  }

  async function broadcast(...[deviceIds, reason]: Parameters<DeviceLink['close']>): Promise<void> {
    try {
      await nodes.broadcast(nodeName, { kind: 'close', deviceIds, reason });
      hints.tell('letters');
    } catch (error) {
      log.error({ err: error, deviceIds }, 'other nodes were not told to close sessions');
    }
  }

  return {
    send(downlinks) {
      const here = downlinks.filter(({ rootId }) => parts.holds(rootId));
      if (here.length > 0) local.send(here);
      if (here.length < downlinks.length) post(downlinks.filter(({ rootId }) => !parts.holds(rootId)));
    },
    close(deviceIds, reason, olderThan) {
      local.close(deviceIds, reason, olderThan);
      // The end of a frozen or deleted device's access was posted with the change itself.
      if (reason === 'secret-reset' || reason === 'fingerprint-reset') void broadcast(deviceIds, reason);
      else hints.tell('letters');
    },
    posted() {
      parts.onPosted();
      hints.tell('letters');
      local.posted();
    },
    stop: async () => {
      await posting;
    },
  };
}
