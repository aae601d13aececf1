import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { charsString, name, nameChars, oneOf, string, text } from './primitives.ts';

// v5 5, the objects behind service_capabilities.
const dataTypes = [
  'int',
  'long',
  'decimal',
  'string',
  'DateTime',
  'jsonObject',
  'enum',
  'boolean',
  'string list',
] as const;

/** NAME(64) plus `$`. */
function serviceName(description: string) {
  const words = "Chinese characters, letters, digits and _?'#().,&%@!$-";
  return charsString({ chars: `$${nameChars}`, words, description, min: 1, max: 64 });
}

// A property name is a key of the shadow, where '.', '$' and NUL have no place (v5 9, Shadow).
const propertyName = charsString({
  chars: nameChars.replace('.', ''),
  words: "Chinese characters, letters, digits and _?'#(),&%@!-",
  description: 'Name of the property.',
  min: 1,
  max: 64,
});

const valueRules = {
  data_type: oneOf(dataTypes, 'Data type.'),
  required: defaulted(Type.Boolean({ description: 'Whether it must be present.' }), false),
  enum_list: Type.Optional(
    Type.Array(string(256, 'An allowed value.'), { description: 'Allowed values of an enum.', maxItems: 1000 }),
  ),
  min: Type.Optional(string(16, 'Smallest value.', 1)),
  max: Type.Optional(string(16, 'Largest value.', 1)),
  max_length: Type.Optional(Type.Integer({ description: 'Longest text.' })),
  step: Type.Optional(Type.Number({ description: 'Step between values.' })),
  unit: Type.Optional(string(16, 'Unit.')),
  description: Type.Optional(text(128, 'What it is.')),
};

export const ServiceProperty = Type.Object(
  {
    property_name: propertyName,
    ...valueRules,
    method: oneOf(['RWE', 'RW', 'RE', 'WE', 'E', 'W', 'R'], 'R readable, W writable, E observable.'),
    default_value: Type.Optional(
      Type.Unknown({ description: 'Desired value of a new device, unless it brings its own.' }),
    ),
  },
  { description: 'A property.' },
);
export type ServiceProperty = Static<typeof ServiceProperty>;

export const ServicePara = Type.Object(
  { para_name: name(32, 'Name of the parameter.', 1), ...valueRules },
  { description: 'A parameter.' },
);
export type ServicePara = Static<typeof ServicePara>;

function paras(description: string) {
  return Type.Optional(Type.Array(ServicePara, { description, maxItems: 500 }));
}

export const ServiceCommand = Type.Object(
  {
    command_name: name(64, 'Name of the command.', 1),
    paras: paras('Parameters of the command.'),
    responses: Type.Optional(
      Type.Array(
        Type.Object(
          { response_name: name(128, 'Name of the response.', 1), paras: paras('Parameters of the response.') },
          { description: 'A response.' },
        ),
        { description: 'What the device may answer.', maxItems: 500 },
      ),
    ),
  },
  { description: 'A command.' },
);
export type ServiceCommand = Static<typeof ServiceCommand>;

export const ServiceEvent = Type.Object(
  { event_type: name(32, 'Type of the event.', 1), paras: paras('Parameters of the event.') },
  { description: 'An event.' },
);
export type ServiceEvent = Static<typeof ServiceEvent>;

/** That service ids are unique and the list stays below 500 KB is checked in services. */
export const ServiceCapability = Type.Object(
  {
    service_id: serviceName('Id of the service, unique in the product.'),
    service_type: serviceName('Type of the service.'),
    properties: Type.Optional(Type.Array(ServiceProperty, { description: 'Properties.', maxItems: 500 })),
    commands: Type.Optional(Type.Array(ServiceCommand, { description: 'Commands.', maxItems: 500 })),
    events: Type.Optional(Type.Array(ServiceEvent, { description: 'Events.', maxItems: 500 })),
    description: Type.Optional(text(128, 'What the service is for.')),
    option: defaulted(
      oneOf(['Master', 'Mandatory', 'Optional'], 'Whether a device must have the service.'),
      'Optional',
    ),
  },
  { description: 'A service of the product model.' },
);
export type ServiceCapability = Static<typeof ServiceCapability>;
