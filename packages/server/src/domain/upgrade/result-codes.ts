/** What is upgraded. */
export type UpgradeSubject = 'firmware' | 'software';

/** Device 7.4: what a device may say went wrong. 0 is success; anything else that is not here is an invalid code. */
const firmwareTexts: Readonly<Record<number, string>> = {
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

const resultTexts: Readonly<Record<UpgradeSubject, Readonly<Record<number, string>>>> = {
  firmware: firmwareTexts,
  software: { ...firmwareTexts, 5: 'Not enough storage for the new software package', 10: 'Software update failed' },
};

const descriptionMax = 256;

/** The text, ` (result_code n)`, and the device's own words cut to 256 characters; undefined: there is no such code. */
export function failureText(
  resultCode: number,
  { subject, description = '' }: { readonly subject: UpgradeSubject; readonly description?: string | undefined },
): string | undefined {
  const text = resultTexts[subject][resultCode];
  return text && `${text} (result_code ${resultCode}) ${description.slice(0, descriptionMax)}`.trimEnd();
}
