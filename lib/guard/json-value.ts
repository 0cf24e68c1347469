// Looks at data of unknown shape without trusting it.

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member, or an empty object where there is none: chains without checks in between. */
export function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const member = memberAt(value, key);
  return isRecord(member) ? member : {};
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const member = memberAt(value, key);
  return Array.isArray(member) ? member : [];
}

/** Empty text where there is none. */
export function textAt(value: unknown, key: string): string {
  const member = memberAt(value, key);
  return typeof member === 'string' ? member : '';
}

function memberAt(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Milliseconds of a Kubernetes timestamp; `undefined` for null, empty and unreadable ones. */
export function timeAt(value: unknown, key: string): number | undefined {
  const millis = Date.parse(textAt(value, key));
  return Number.isNaN(millis) ? undefined : millis;
}
