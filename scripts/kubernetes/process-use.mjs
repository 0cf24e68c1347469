// What a process has used, as Linux says it.
import { readFileSync } from 'node:fs';

/** Of the clock in `stat`; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export function useOf(pid) {
  // Its name may have blanks and brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = key => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rss: mebibytes('VmRSS'),
    peakRss: mebibytes('VmHWM'),
  };
}
