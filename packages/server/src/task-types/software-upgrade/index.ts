import { defineUpgrade } from '../define-upgrade.ts';

export const softwareUpgrade = defineUpgrade({
  name: 'softwareUpgrade',
  packageType: 'softwarePackage',
  field: 'swVersion',
  eventType: 'software_upgrade',
  subject: 'software',
});
