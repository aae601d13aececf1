import type { Sent } from './caller.ts';
import type { Given } from './given.ts';

/** What a call sends, and how its answer is judged where that is no JSON by the endpoint's schema. */
export interface Act extends Sent {
  /** What is wrong with the answer, in words. */
  judge?(answer: Response): Promise<string | undefined>;
}

/** Makes what the call needs and says what it sends; asked once for each way of proving who calls. */
export type Scenario = (given: Given) => Act | Promise<Act>;

/** By place, as the contract writes it: `POST {P}/apps`. */
export type Scenarios = Readonly<Record<string, Scenario>>;
