import type { Caller } from '../../services/caller.ts';
import type { RequestTarget } from '../request-target.ts';

/** What credentials are read from. */
export interface IncomingCall {
  readonly method: string;
  readonly target: RequestTarget;
  /** As Node gives them: names and values in turn, every repeat kept. */
  readonly rawHeaders: readonly string[];
}

/** Who the credentials name. Nothing may be done for the caller before `prove` has returned. */
export interface Claim {
  readonly caller: Caller;
  /** Checks what can only be checked with the whole body: its SHA-256, lower hex. Throws authenticationFailed (401). */
  prove(bodySha256: string): void;
}

/** Missing, malformed, expired or wrong credentials throw authenticationFailed (v5 2). */
export type Authenticate = (call: IncomingCall) => Promise<Claim>;
