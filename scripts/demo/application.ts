import type { FleetPlan } from './fleet-plan.ts';
import type { TaskAccount } from './task-account.ts';

/** The command that every device is sent (preparation.ts has its product). */
export const demoCommand = { service: 'Motor', name: 'setSpeed', paras: { speed: 3 } };

/** What the scenario asks an application for, whichever generation of the API it speaks. */
export interface DemoApplication {
  /** Asks to be told of what happens. */
  subscribe(): Promise<void>;
  /** Upgrades the fleet, failures once more, and watches it to its end. */
  upgrade(plan: FleetPlan, packageId: string): Promise<TaskAccount>;
  /** Sends `demoCommand` to the fleet and watches it to its end. */
  command(plan: FleetPlan): Promise<TaskAccount>;
  /** Waits for what has to be pushed yet, and says what came otherwise than it should. */
  awaitPushes(plan: FleetPlan, accounts: readonly TaskAccount[]): Promise<readonly string[]>;
  /** Pushes so far, repeats left out. */
  readonly pushes: number;
  stop(): Promise<void>;
}
