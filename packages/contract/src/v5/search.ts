import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DeviceModule, DeviceSimple } from './devices.ts';
import { shown, string } from './primitives.ts';

/** v5 6.1; the grammar answers 015530, in services. */
export const SearchDevicesRequest = Type.Object({
  sql: string(400, 'What is wanted of which devices, in the search language.', 1),
});
export type SearchDevicesRequest = Static<typeof SearchDevicesRequest>;

const { description: _description, ...simpleFields } = DeviceSimple.properties;

export const FoundDevice = Type.Object(
  {
    ...simpleFields,
    modules: Type.Array(DeviceModule, { description: 'Reported modules.' }),
    marker: shown('Record id, by which results are ordered.'),
    groups: Type.Array(
      Type.Object({ group_id: shown('Group id.'), name: shown('Name.') }, { description: 'A group.' }),
      { description: 'Groups that the device is in.' },
    ),
  },
  { description: 'A device that was found.' },
);
export type FoundDevice = Static<typeof FoundDevice>;

/** `devices` of `select *`, `count` of the others. */
export const SearchDevicesResponse = Type.Object({
  devices: Type.Optional(Type.Array(FoundDevice, { description: 'What was found.' })),
  count: Type.Optional(Type.Integer({ description: 'How many there are.' })),
});
export type SearchDevicesResponse = Static<typeof SearchDevicesResponse>;
