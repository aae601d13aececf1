import type { CommandReply, RunEvent } from '../domain/device-event.ts';
import type { Downlink } from '../domain/downlink.ts';
import type { EffectOf } from '../domain/effect.ts';
import { asId, type CommandId, type DeviceId, type ProjectId } from '../domain/ids.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommandStore, SentCommand } from '../ports/store/command-store.ts';
import type { EffectStore } from '../ports/store/message-store.ts';
import { createBatcher } from './batcher.ts';

/** Answers of devices to asynchronous commands (device 6.2): found in the store by their request id, on whatever node they come. */
export interface CommandAnswers {
  /** Resolves when it has taken effect; false: no command of this device waits for it. */
  take(from: DeviceId, requestId: string, reply: CommandReply): Promise<boolean>;
}

export interface CommandAnswersParts {
  readonly store: { readonly commands: CommandStore; readonly effects: EffectStore };
  readonly clock: Clock;
  readonly answerMs: number;
  /** The run of a task ends with its command. Resolves when that is durable. */
  collect(ref: RunRef, from: DeviceId, event: RunEvent): Promise<void>;
  /** The next commands of the queues. */
  send(downlinks: readonly Downlink[]): void;
}

interface Answer {
  readonly from: DeviceId;
  readonly commandId: CommandId;
  readonly reply: CommandReply;
}

const batchMax = 500;
const waitingMax = 100_000;

export function createCommandAnswers(parts: CommandAnswersParts): CommandAnswers {
  const batcher = createBatcher<Answer, boolean>({ batchMax, waitingMax, run: (answers) => settle(parts, answers) });
  return { take: (from, requestId, reply) => batcher.add({ from, commandId: asId<CommandId>(requestId), reply }) };
}

async function settle(parts: CommandAnswersParts, answers: readonly Answer[]): Promise<readonly Promise<boolean>[]> {
  const sent = await parts.store.commands.findSent(answers.map(({ commandId }) => commandId));
  const byId = new Map(sent.map((command) => [command.commandId, command]));
  const free = new Map<ProjectId, EffectOf<'settleCommand'>[]>();
  const known = answers.map((answer) => {
    const command = byId.get(answer.commandId);
    // Knowing the id is no right: the answer must come from the device that was asked.
    if (command?.rootId !== answer.from) return undefined;
    if (command.run === undefined) {
      const effect = effectOf(parts, command, answer.reply);
      free.set(command.projectId, [...(free.get(command.projectId) ?? []), effect]);
    }
    return command;
  });
  const applied = new Map([...free].map(([projectId, effects]) => [projectId, apply(parts, projectId, effects)]));
  return known.map(async (command, index) => {
    if (command === undefined) return false;
    const { from, reply } = answers[index] as Answer;
    if (command.run !== undefined) await parts.collect(command.run, from, { kind: 'command-reply', reply });
    else await applied.get(command.projectId);
    return true;
  });
}

function effectOf(
  { clock, answerMs }: CommandAnswersParts,
  { deviceId, commandId }: SentCommand,
  { resultCode, body }: CommandReply,
): EffectOf<'settleCommand'> {
  const status = resultCode === 0 ? 'SUCCESSFUL' : 'FAILED';
  return { kind: 'settleCommand', deviceId, commandId, status, result: body, at: clock.now(), answerMs };
}

async function apply(
  { store, send }: CommandAnswersParts,
  projectId: ProjectId,
  effects: readonly EffectOf<'settleCommand'>[],
): Promise<void> {
  const { sent } = await store.effects.apply(projectId, effects);
  if (sent.length > 0) send(sent.map(({ downlink }) => downlink));
}
