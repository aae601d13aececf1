import { defineUpgrade } from '../define-upgrade.ts';

export const firmwareUpgrade = defineUpgrade({
  name: 'firmwareUpgrade',
  packageType: 'firmwarePackage',
  field: 'fwVersion',
  eventType: 'firmware_upgrade',
  subject: 'firmware',
});
