// How numbers, steps, sizes, ages and times are written, in the person's language.

/** All of the formats for one language and time zone. */
export interface Numbers {
  /** Three significant digits; scientific below 0.001 and from a million. */
  value(value: number): string;
  /** For a column of a metric: four significant digits, never more than four decimals; scientific below 0.001. */
  metric(value: number): string;
  /** As many digits as there are, for hover and copy. */
  exact(value: number): string;
  /** Steps and counts, grouped and never shortened. */
  count(count: number): string;
  /** For a narrow axis: `4k`. */
  shortCount(count: number): string;
  /** Decimal units: `48.4 MB`, `274 MB`, `1.00 GB`. */
  bytes(bytes: number): string;
  /** Time gone by, two units at most: `4 min`, `1 h 02 min`, `3 d 4 h`. */
  age(seconds: number): string;
  /** A stretch of time to the second: `0:45`, `12:30`, `1:02:30`, `2 d 1:00:00`. */
  duration(seconds: number): string;
  /** Time to come, one unit. */
  timeLeft(seconds: number): string;
  /** `14:32`, with the date when that is another day than `nowSeconds`. */
  clock(wallTimeSeconds: number, nowSeconds: number): string;
  /** `14:32:07`. */
  time(wallTimeSeconds: number): string;
  /** With date and seconds, for tooltips. */
  fullTime(wallTimeSeconds: number): string;
  /** `2 checkpoints`; the second form is the plural. */
  counted(count: number, one: string, many: string): string;
}

const day = 86_400;
const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Makes the formats for a language (BCP 47) and a time zone (the machine's when left out). */
export function numbersFor(locale: string, timeZone?: string): Numbers {
  const threeDigits = new Intl.NumberFormat(locale, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const fourDigits = new Intl.NumberFormat(locale, { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });
  const fourDecimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(locale, { maximumSignificantDigits: 15 });
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const fixed = [0, 1, 2].map((digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const dates = datesFor(locale, timeZone);
  const count = (amount: number): string => whole.format(amount);
  return {
    value: (value) => special(value) ?? (value === 0 ? "0" : printValue(value, threeDigits, whole)),
    metric: (value) => special(value) ?? (value === 0 ? "0" : printValue(value, Math.abs(value) < 1 ? fourDecimals : fourDigits, whole)),
    exact: (value) => special(value) ?? exact.format(value),
    count,
    shortCount: (amount) => shorten(amount, short),
    bytes: (bytes) => printBytes(bytes, fixed),
    age: (seconds) => printAge(Math.max(0, seconds), count),
    duration: (seconds) => printDuration(seconds, count),
    timeLeft: (seconds) => printTimeLeft(Math.max(0, seconds), count),
    ...dates,
    counted: (amount, one, many) => `${count(amount)} ${amount === 1 ? one : many}`,
  };
}

function datesFor(locale: string, timeZone: string | undefined): Pick<Numbers, "clock" | "time" | "fullTime"> {
  const minutes = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const seconds = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone });
  const dayOf = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone });
  const dayAndMinutes = new Intl.DateTimeFormat(locale, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone,
  });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone });
  return {
    clock: (wallTimeSeconds, nowSeconds) => {
      const time = wallTimeSeconds * 1000;
      const today = dayOf.format(time) === dayOf.format(nowSeconds * 1000);
      return (today ? minutes : dayAndMinutes).format(time);
    },
    time: (wallTimeSeconds) => seconds.format(wallTimeSeconds * 1000),
    fullTime: (wallTimeSeconds) => full.format(wallTimeSeconds * 1000),
  };
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "∞";
  return value === -Infinity ? "−∞" : undefined;
}

function printValue(value: number, digits: Intl.NumberFormat, whole: Intl.NumberFormat): string {
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e6) return value.toExponential(1).replace("e+", "e").replace(/^-/, "−");
  const text = size >= 1000 ? whole.format(value) : digits.format(value);
  return text.replace(/^-/, "−");
}

function shorten(amount: number, short: Intl.NumberFormat): string {
  const size = Math.abs(amount);
  if (size >= 1e6) return `${short.format(amount / 1e6)}M`;
  return size >= 1000 ? `${short.format(amount / 1000)}k` : short.format(amount);
}

function printBytes(bytes: number, fixed: readonly Intl.NumberFormat[]): string {
  let unit = 0;
  let amount = bytes;
  while (amount >= 999.5 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit++;
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : unit >= 3 && amount < 9.995 ? 2 : 1;
  return `${fixed[digits]?.format(amount) ?? amount} ${byteUnits[unit] ?? ""}`;
}

function printAge(seconds: number, count: (amount: number) => string): string {
  const two = (amount: number): string => String(amount).padStart(2, "0");
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (seconds < day) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return `${count(Math.floor(seconds / day))} d ${Math.floor((seconds % day) / 3600)} h`;
}

function printDuration(seconds: number, count: (amount: number) => string): string {
  const two = (amount: number): string => String(amount).padStart(2, "0");
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? "−" : "";
  const [hours, minutes, rest] = [Math.floor((whole % day) / 3600), Math.floor((whole % 3600) / 60), two(whole % 60)];
  if (whole >= day) return `${sign}${count(Math.floor(whole / day))} d ${hours}:${two(minutes)}:${rest}`;
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${rest}` : `${sign}${minutes}:${rest}`;
}

function printTimeLeft(seconds: number, count: (amount: number) => string): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 2 * day ? `${Math.round(seconds / 3600)} h` : `${count(Math.round(seconds / day))} d`;
}

/** The formats in the editor's language. */
export const numbers: Numbers = numbersFor(globalThis.document?.documentElement.lang || globalThis.navigator?.language || "en");
