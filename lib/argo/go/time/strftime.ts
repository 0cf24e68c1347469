// Argo's own small strftime, for `{{workflow.creationTimestamp.%Y}}` and the like.
import type { GoTime } from './go-time.js';

/** The Go layout of each verb. `%L` begins with the dot. */
const LAYOUTS: Readonly<Record<string, string>> = {
  B: 'January',
  b: 'Jan',
  m: '01',
  A: 'Monday',
  a: 'Mon',
  d: '02',
  H: '15',
  I: '03',
  M: '04',
  S: '05',
  Y: '2006',
  y: '06',
  p: 'PM',
  Z: 'MST',
  z: '-0700',
  L: '.000',
};

/** Verbs that Argo does not know stay as they are written. */
export function strftime(format: string, time: GoTime): string {
  return format.replace(/%([\s\S])/g, (verb, letter: string) => {
    if (letter === '%') return '%';
    const layout = Object.hasOwn(LAYOUTS, letter) ? LAYOUTS[letter] : undefined;
    return layout === undefined ? verb : time.format(layout);
  });
}
