// How numbers, sizes and times are written in native parts of the window: the same words as in the pages.

const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// Making a format takes longer than a thousand uses of it, and a thousand rows are painted at once.
const grouped = new Intl.NumberFormat("en");
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/** A step or a count: grouped, never shortened. */
export function count(value: number): string {
  return grouped.format(value);
}

/** A value of a scalar: three significant digits; scientific below 0.001 and from a million. */
export function value(amount: number): string {
  if (Number.isNaN(amount)) return "NaN";
  if (!Number.isFinite(amount)) return amount > 0 ? "∞" : "−∞";
  const size = Math.abs(amount);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return amount.toExponential(1).replace("e+", "e").replace(/^-/, "−");
  if (size === 0) return "0";
  return (size >= 1000 ? whole : threeDigits).format(amount).replace("-", "−");
}

/** A size in decimal units: `6.1 kB`, `48.4 MB`, `274 MB`. */
export function bytes(amount: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = amount < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(amount) / 3));
  const scaled = amount / 1000 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${units[power] ?? ""}`;
}

/** A local time of day, with the date when it is not today: `14:02`, `Nov 22, 14:02`. */
export function clock(wallTimeSeconds: number, nowSeconds: number): string {
  const [then, now] = [new Date(wallTimeSeconds * 1000), new Date(nowSeconds * 1000)];
  const day = then.toDateString() === now.toDateString() ? {} : ({ month: "short", day: "numeric" } as const);
  return new Intl.DateTimeFormat("en", { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(then);
}

/** How long ago something was, one unit: `just now`, `3 min ago`, `5 h ago`, `3 d ago`. */
export function ago(thenSeconds: number, nowSeconds: number): string {
  const age = Math.max(0, nowSeconds - thenSeconds);
  if (age < minute) return "just now";
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  return age < 2 * day ? `${Math.floor(age / hour)} h ago` : `${Math.floor(age / day)} d ago`;
}

/** Time to come, one unit: `40 s`, `38 min`, `5 h`. */
export function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * minute) return `${Math.round(seconds / minute)} min`;
  return seconds < 2 * day ? `${Math.round(seconds / hour)} h` : `${Math.round(seconds / day)} d`;
}

/** `1 checkpoint`, `6 checkpoints`. */
export function counted(amount: number, one: string): string {
  return `${count(amount)} ${one}${amount === 1 ? "" : "s"}`;
}
