/** How far an upgrade has come, as legacy receivers are told (legacy 9.2). `idle`: nothing of it is under way. */
export const upgradePhases = ['idle', 'downloading', 'downloaded', 'updating'] as const;
export type UpgradePhase = (typeof upgradePhases)[number];

/** What a verdict about an upgrade tells beyond itself. */
export interface UpgradeFacts {
  /** Phases that the run passes through with it, in order. */
  readonly phases: readonly UpgradePhase[];
  readonly targetVersion?: string;
  /** That the device had when it was offered the first one. */
  readonly sourceVersion?: string;
  /** From the first offer until now. */
  readonly seconds?: number;
  /** That the device gave for its failure (device 7.4). */
  readonly resultCode?: number;
}

/** What of a run decides about its phase. */
export interface UpgradePlace {
  /** The device has been offered the package. */
  readonly offered: boolean;
  /** It has reported progress since. */
  readonly reported: boolean;
}

/**
 * Legacy 9.2: the offer is the beginning of the download, the first report of progress its end. A device that succeeds without one has
 * passed through all of it; one that fails is idle from wherever it was.
 */
export function phasesBetween(from: UpgradePlace, to: UpgradePlace | 'succeeded' | 'failed'): readonly UpgradePhase[] {
  if (to === 'failed') return from.offered ? ['idle'] : [];
  if (to === 'succeeded') return from.offered ? [...rest(from), 'idle'] : [];
  if (!to.offered) return [];
  return [...(from.offered ? [] : (['downloading'] as const)), ...(to.reported ? rest(from) : [])];
}

/** From where it is until it updates. */
const rest = ({ reported }: UpgradePlace): readonly UpgradePhase[] => (reported ? [] : ['downloaded', 'updating']);
