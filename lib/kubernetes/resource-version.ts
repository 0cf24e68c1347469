// Versions of one resource may be compared, as numbers: etcd counts upwards. Those of two resources, or of two clusters, may not.

/** Longer ones are no versions: etcd counts with 64 bits. */
const VERSION = /^(?:0|[1-9]\d{0,31})$/;
/** Characters of a version that is none of etcd's, which goes back to the server as it is. */
const LENGTH_MAX = 128;

/** Whether it may be sent back to the server. */
export function isVersion(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= LENGTH_MAX;
}

/** Below 0: `a` is older. NaN where one of them is no number. */
export function compareVersions(a: string, b: string): number {
  if (!VERSION.test(a) || !VERSION.test(b)) return NaN;
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}
