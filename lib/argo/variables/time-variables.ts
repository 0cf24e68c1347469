const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Adds a time the way Argo offers it: as it is, `.RFC3339`, `.s` (Unix seconds) and a variable per strftime letter, in UTC. */
export function addTimeVariables(variables: Record<string, string>, name: string, unixMillis: number): void {
  const time = new Date(unixMillis);
  const rfc3339 = time.toISOString().replace(/\.\d{3}Z$/, 'Z');
  const month = MONTHS[time.getUTCMonth()] ?? '';
  const day = DAYS[time.getUTCDay()] ?? '';
  const hour = time.getUTCHours();
  const letters: Readonly<Record<string, string>> = {
    B: month,
    b: month.slice(0, 3),
    m: twoDigits(time.getUTCMonth() + 1),
    A: day,
    a: day.slice(0, 3),
    d: twoDigits(time.getUTCDate()),
    H: twoDigits(hour),
    I: twoDigits(hour % 12 || 12),
    M: twoDigits(time.getUTCMinutes()),
    S: twoDigits(time.getUTCSeconds()),
    Y: String(time.getUTCFullYear()).padStart(4, '0'),
    y: twoDigits(time.getUTCFullYear() % 100),
    p: hour < 12 ? 'AM' : 'PM',
    Z: 'UTC',
    z: '+0000',
    L: `.${String(time.getUTCMilliseconds()).padStart(3, '0')}`,
  };
  variables[name] = rfc3339;
  variables[`${name}.RFC3339`] = rfc3339;
  variables[`${name}.s`] = String(Math.floor(unixMillis / 1000));
  for (const [letter, text] of Object.entries(letters)) variables[`${name}.${letter}`] = text;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
