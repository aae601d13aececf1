import type { PackageStore } from '../ports/package-store.ts';

export interface HomeProof {
  /** What a place that has no mark yet may be marked with. */
  readonly newId: string;
  /** Stores the mark of the installation's place where there is none yet; returns the one that stands. */
  claim(id: string): Promise<string>;
}

/** Where the uploaded packages of an installation live. */
export interface PackageHome extends PackageStore {
  /** Makes what is local and removes what uploads left behind that a crash cut off; idempotent. */
  start(): Promise<void>;
  /**
   * Fails where the place is not that of this installation: a node that was pointed at another one would answer "no such package" for
   * all that came in on the others.
   */
  prove(proof: HomeProof): Promise<void>;
}
