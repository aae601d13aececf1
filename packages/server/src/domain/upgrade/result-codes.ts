/** Device 7.4: what a device may say went wrong. 0 is success; anything else that is not here is an invalid code. */
export const upgradeResultTexts: Readonly<Record<number, string>> = {
  1: 'The device is in use',
  2: 'Poor signal quality',
  3: 'The device already has the latest version',
  4: 'Low battery',
  5: 'Not enough storage for the new firmware package',
  6: 'Waiting for device downloaded package timeout',
  7: 'Integrity check failure for new downloaded package',
  8: 'Unsupported package type',
  9: 'Out of memory during downloading process',
  10: 'Firmware update failed',
  255: 'Internal error of the device',
};

const descriptionMax = 256;

/** The text, ` (result_code n)`, and the device's own words cut to 256 characters. */
export function failureText(resultCode: number, description: string | undefined): string {
  const text = `${upgradeResultTexts[resultCode] ?? ''} (result_code ${resultCode})`;
  return description === undefined || description === '' ? text : `${text} ${description.slice(0, descriptionMax)}`;
}
