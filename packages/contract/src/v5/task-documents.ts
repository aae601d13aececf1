import { Type } from 'typebox';
import type { Static } from 'typebox';
import { CreateAsyncCommandRequest } from './async-commands.ts';
import { CreateCommandRequest } from './commands.ts';
import { CreateMessageRequest } from './messages.ts';
import { freeForm, shown, string } from './primitives.ts';

// v5 11.3, for clients and documentation: the request carries `document` as a free object, because the task types check theirs
// themselves and answer 014555.
export const UpgradeDocument = Type.Object({
  package_id: Type.Optional(shown('Package id; this or package_ids.')),
  package_ids: Type.Optional(
    Type.Array(shown('Package id.'), { description: 'Exactly one package id.', minItems: 1, maxItems: 1 }),
  ),
});
export type UpgradeDocument = Static<typeof UpgradeDocument>;

export const ShadowDocument = Type.Object({
  shadow: Type.Array(
    Type.Object(
      { service_id: string(64, 'Service.', 1), desired: freeForm('Desired values by property name.') },
      { description: 'Desired values of one service.' },
    ),
    { description: '1 to 5 services, each once, at most 10 KB.', minItems: 1, maxItems: 5 },
  ),
});
export type ShadowDocument = Static<typeof ShadowDocument>;

/** v5 11.2: which sources a type takes and what its document holds; null: the type has no document. */
export const taskTypes = {
  softwareUpgrade: { sources: ['targets', 'targets_filter'], document: UpgradeDocument },
  firmwareUpgrade: { sources: ['targets', 'targets_filter'], document: UpgradeDocument },
  createDevices: { sources: ['document_source'], document: null },
  updateDevices: { sources: ['document_source'], document: null },
  deleteDevices: { sources: ['targets', 'targets_filter', 'document_source'], document: null },
  freezeDevices: { sources: ['targets', 'targets_filter', 'document_source'], document: null },
  unfreezeDevices: { sources: ['targets', 'targets_filter', 'document_source'], document: null },
  createCommands: { sources: ['targets', 'targets_filter'], document: CreateCommandRequest },
  createAsyncCommands: { sources: ['targets', 'targets_filter'], document: CreateAsyncCommandRequest },
  createMessages: { sources: ['targets', 'targets_filter'], document: CreateMessageRequest },
  updateDeviceShadows: { sources: ['targets', 'targets_filter'], document: ShadowDocument },
} as const;

/** The task types of v5 11.2 by their wire names. */
export type TaskTypeName = keyof typeof taskTypes;
