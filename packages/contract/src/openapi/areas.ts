interface Area {
  readonly name: string;
  readonly description: string;
  /** Of the path, `{P}` for `/v5/iot/{project_id}`. */
  readonly pattern: RegExp;
}

const anyCommand = /^\{P\}\/devices\/\{device_id\}\/(?:async-)?commands/;

/** What calls are about, in the order of the contract's pages. The first area whose pattern fits takes the call. */
const areas: readonly Area[] = [
  { name: 'Sign-in', description: 'Tokens, and what a caller may see.', pattern: /^\/v3\// },
  { name: 'Applications', description: 'Resource spaces of a project.', pattern: /^\{P\}\/apps/ },
  { name: 'Products', description: 'Product models.', pattern: /^\{P\}\/products/ },
  { name: 'Commands', description: 'Synchronous and asynchronous commands.', pattern: anyCommand },
  { name: 'Messages', description: 'Messages to a device.', pattern: /^\{P\}\/devices\/\{device_id\}\/messages/ },
  {
    name: 'Properties and shadow',
    description: 'Values of a device: read, written, and wanted.',
    pattern: /^\{P\}\/devices\/\{device_id\}\/(?:properties|shadow)/,
  },
  { name: 'Devices', description: 'Devices, direct and behind gateways.', pattern: /^\{P\}\/(?:devices|search)/ },
  { name: 'Device groups', description: 'Static and dynamic groups.', pattern: /^\{P\}\/device-group/ },
  { name: 'Tags', description: 'Tags of devices.', pattern: /^\{P\}\/tags/ },
  { name: 'Upgrade packages', description: 'Packages, their files and modules.', pattern: /^\{P\}\/ota-upgrades/ },
  { name: 'Batch tasks', description: 'Jobs on many devices.', pattern: /^\{P\}\/batchtasks/ },
  { name: 'Batch task files', description: 'Rows that batch tasks take.', pattern: /^\{P\}\/batchtask-files/ },
  { name: 'Export tasks', description: 'Results of batch tasks as files.', pattern: /^\{P\}\/export-tasks/ },
  { name: 'Rules', description: 'Rules, their actions and policies.', pattern: /^\{P\}\/routing-rule/ },
  {
    name: 'Queues',
    description: 'AMQP queues and the credential of their consumers.',
    pattern: /^\{P\}\/(?:amqp-queues|auth)/,
  },
  { name: 'Administration', description: 'Users, projects, access keys and roles.', pattern: /^\/admin\// },
];

const elsewhere: Area = { name: 'Other', description: 'Further calls.', pattern: /^/ };

/** The area of a call, by its path with `{P}`. */
export function areaOf(place: string): Pick<Area, 'name' | 'description'> {
  const { name, description } = areas.find(({ pattern }) => pattern.test(place)) ?? elsewhere;
  return { name, description };
}
