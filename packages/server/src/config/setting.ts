/** What an environment variable (always text) or a member of the settings file may hold. */
export type RawSetting = unknown;

/** One setting: how it is read, what it is when absent, what it means. */
export interface Setting<T> {
  /** Throws a sentence that says what is wanted (never the value: it may be a secret). */
  readonly parse: (raw: RawSetting) => T;
  readonly defaultValue: T;
  /** For lists of settings: the default in words where the value itself does not say it. */
  readonly defaultText: string;
  readonly meaning: string;
  readonly secret: boolean;
}

interface Common {
  readonly meaning: string;
  readonly secret?: boolean;
  readonly defaultText?: string;
}

function setting<T>(parse: (raw: RawSetting) => T, defaultValue: T, common: Common): Setting<T> {
  const { meaning, secret = false, defaultText } = common;
  const text = defaultText ?? (defaultValue === undefined ? 'unset' : String(defaultValue));
  return { parse, defaultValue, defaultText: text, meaning, secret };
}

function fail(wanted: string): never {
  throw new Error(`must be ${wanted}`);
}

function textOf(raw: RawSetting): string {
  if (typeof raw !== 'string' || raw.trim() === '') return fail('a text that is not empty');
  return raw.trim();
}

function numberOf(raw: RawSetting, wanted: string): number {
  if (typeof raw === 'number') return raw;
  // Number('') and Number('0x10') are numbers, too; nobody means them.
  if (typeof raw !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(raw.trim())) return fail(wanted);
  return Number(raw);
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

function inBounds(value: number, { min, max }: Bounds, wanted: string): number {
  return Number.isFinite(value) && value >= min && value <= max ? value : fail(wanted);
}

export function text(defaultValue: string, common: Common): Setting<string> {
  return setting(textOf, defaultValue, common);
}

export function optionalText(common: Common): Setting<string | undefined> {
  return setting<string | undefined>(textOf, undefined, common);
}

/** A text of a given shape; `wanted` says the shape in words. */
export function shaped(shape: RegExp, wanted: string, common: Common): Setting<string | undefined> {
  return setting<string | undefined>(
    (raw) => (shape.test(textOf(raw)) ? textOf(raw) : fail(wanted)),
    undefined,
    common,
  );
}

export function whole(defaultValue: number, bounds: Bounds, common: Common): Setting<number> {
  const wanted = `a whole number from ${bounds.min} to ${bounds.max}`;
  const parse = (raw: RawSetting): number => {
    const value = inBounds(numberOf(raw, wanted), bounds, wanted);
    return Number.isInteger(value) ? value : fail(wanted);
  };
  return setting(parse, defaultValue, common);
}

/** A duration or rate: fractions are allowed, so that tests and demonstrations may be quick. */
export function amount(defaultValue: number, bounds: Bounds, common: Common): Setting<number> {
  const wanted = `a number from ${bounds.min} to ${bounds.max}`;
  return setting((raw) => inBounds(numberOf(raw, wanted), bounds, wanted), defaultValue, common);
}

const portBounds = { min: 0, max: 65_535 };

/** 0 picks a free port. */
export function port(defaultValue: number, common: Common): Setting<number> {
  return whole(defaultValue, portBounds, common);
}

/** Unset: no listener. */
export function optionalPort(common: Common): Setting<number | undefined> {
  return setting<number | undefined>(whole(0, portBounds, common).parse, undefined, common);
}

export function flag(defaultValue: boolean, common: Common): Setting<boolean> {
  const parse = (raw: RawSetting): boolean => {
    if (typeof raw === 'boolean') return raw;
    return raw === 'true' ? true : raw === 'false' ? false : fail('true or false');
  };
  return setting(parse, defaultValue, common);
}

export function choice<const T extends string>(values: readonly T[], defaultValue: T, common: Common): Setting<T> {
  const parse = (raw: RawSetting): T => values.find((value) => value === raw) ?? fail(`one of ${values.join(', ')}`);
  return setting(parse, defaultValue, common);
}

/** A comma-separated text or a JSON list, each entry checked by `accepts`. */
export function list(
  defaultValue: readonly string[],
  { accepts, wanted }: { accepts: (entry: string) => boolean; wanted: string },
  common: Common,
): Setting<readonly string[]> {
  const parse = (raw: RawSetting): readonly string[] => {
    const entries: readonly unknown[] = Array.isArray(raw)
      ? raw
      : typeof raw === 'string'
        ? raw.split(',')
        : fail(wanted);
    return entries.map((entry) => (typeof entry === 'string' && accepts(entry.trim()) ? entry.trim() : fail(wanted)));
  };
  return setting(parse, defaultValue, { defaultText: defaultValue.join(',') || 'unset', ...common });
}

/** Any other rule: `read` throws a sentence beginning with `must`. */
export function parsed<T>(read: (value: string) => T, common: Common): Setting<T | undefined> {
  return setting<T | undefined>((raw) => read(textOf(raw)), undefined, common);
}

/** A structure: JSON in the environment, itself in the settings file. `read` throws a sentence beginning with `must`. */
export function decoded<T>(read: (raw: unknown) => T, common: Common): Setting<T | undefined> {
  return setting<T | undefined>(read, undefined, common);
}
