/** What there may be news of for other nodes. */
export type HintKind = 'letters' | 'work' | 'pushes';

/**
 * A word to the other nodes that they need not wait for their next look. Only a hint: it may be lost, late or repeated, and nothing
 * depends on it but time.
 */
export interface Hints {
  tell(kind: HintKind): void;
  /** Called with each hint of another node. */
  onHint(kind: HintKind, run: () => void): void;
}

/** Where there are no other nodes. */
export const noHints: Hints = { tell: () => undefined, onHint: () => undefined };
