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
  const names = namesOf(name, letters);
  variables[name] = rfc3339;
  variables[names.rfc3339] = rfc3339;
  variables[names.seconds] = String(Math.floor(unixMillis / 1000));
  for (const [letter, variable] of names.letters) variables[variable] = letters[letter] ?? '';
}

interface Names {
  readonly rfc3339: string;
  readonly seconds: string;
  readonly letters: readonly (readonly [letter: string, variable: string])[];
}

/** There are one or two times in all. */
const namesOfTimes = new Map<string, Names>();

function namesOf(name: string, letters: Readonly<Record<string, string>>): Names {
  let names = namesOfTimes.get(name);
  if (!names) {
    const variables = Object.keys(letters).map(letter => [letter, `${name}.${letter}`] as const);
    names = { rfc3339: `${name}.RFC3339`, seconds: `${name}.s`, letters: variables };
    namesOfTimes.set(name, names);
  }
  return names;
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

function twoDigits(number: number): string {
  return TWO_DIGITS[number] ?? String(number).padStart(2, '0');
}
