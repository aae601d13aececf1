import type { DeviceId, ProjectId } from './domain/ids.ts';
import { createClusterLink } from './nodes/cluster-link.ts';
import { createMailRoom } from './nodes/mail-room.ts';
import { createMembership } from './nodes/membership.ts';
import type { Platform } from './platform.ts';
import type { DeviceLink } from './ports/device-link.ts';
import type { ReplyBook } from './services/reply-book.ts';

export interface ClusterParts {
  readonly platform: Platform;
  /** To the devices that are connected to this node. */
  readonly local: DeviceLink;
  readonly replies: ReplyBook;
  holds(deviceId: DeviceId): boolean;
  /** Another node has replaced the project's access code: consumers with another key have to go. */
  onConsumersEnded(projectId: ProjectId, exceptKey: string): void;
  /** Its devices and consumers must go elsewhere. */
  onLost(): void;
  /** Another process has this node's name. */
  onReplaced(): void;
}

/** This node among the others of its installation. */
export interface Cluster {
  /** To the devices of all nodes. */
  readonly link: DeviceLink;
  readonly isFresh: boolean;
  /** After the store, before any device is let in. */
  start(): Promise<void>;
  /** When nothing is to be sent any more; before the store. */
  stop(): Promise<void>;
}

/** An embedded database has one node, which needs nothing of this. */
export function createCluster(parts: ClusterParts): Cluster {
  const { local, platform } = parts;
  if (platform.clusterNode === undefined) {
    return { link: local, isFresh: true, start: () => Promise.resolve(), stop: () => Promise.resolve() };
  }
  return createSharedCluster(parts, platform.clusterNode);
}

function createSharedCluster(parts: ClusterParts, node: NonNullable<Platform['clusterNode']>): Cluster {
  const { platform, local, replies } = parts;
  const { clock, log, random, config } = platform;
  const { nodes } = platform.store;
  const { hints } = node;
  const common = { nodes, clock, log, hints, nodeName: node.name };
  const link = createClusterLink({
    ...common,
    local,
    holds: (rootId) => parts.holds(rootId),
    onPosted: () => mailRoom.nudge(),
  });
  const mailRoom = createMailRoom({
    ...common,
    local,
    relay: ({ rootId, requestId, to }) =>
      replies.relay({ rootId, requestId }, (reply) => {
        nodes.post(to, [{ kind: 'reply', rootId, requestId, reply }]).then(
          () => hints.tell('letters'),
          (error: unknown) => log.error({ err: error, requestId }, 'an answer could not be handed to its node'),
        );
      }),
    onReply: (letter) => replies.onRelayed(letter),
    onConsumersEnded: (projectId, exceptKey) => parts.onConsumersEnded(projectId, exceptKey),
  });
  const membership = createMembership({
    ...common,
    random,
    leaseMs: config.node.leaseMs,
    onTime: (now) => node.align(now),
    onLost: () => parts.onLost(),
    onReplaced: () => parts.onReplaced(),
  });
  return {
    link,
    get isFresh() {
      return membership.isFresh;
    },
    async start() {
      hints.start();
      await membership.start();
      mailRoom.start();
    },
    async stop() {
      await mailRoom.stop();
      await link.stop();
      await membership.stop();
      await hints.stop();
    },
  };
}
