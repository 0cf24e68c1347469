import type { Diagnostic } from '../../argo/diagnostic/diagnostic.js';
import { shown } from '../../guard/option-checks.js';

/** What is underlined: the value at the path, or the key that it stands under. */
export type ConfigSpot = 'value' | 'key';

/** What is wrong with a configuration, at a path such as `views[0].limit`. */
export interface ConfigComplaint extends Diagnostic {
  readonly spot: ConfigSpot;
}

/** More of them help nobody. */
const COMPLAINTS_MAX = 50;

/** Collects what is wrong with the values of one source: the file, a flag, a variable. */
export class ConfigReport {
  readonly complaints: ConfigComplaint[] = [];
  #errorCount = 0;
  #leftOut = 0;

  get errorCount(): number {
    return this.#errorCount;
  }

  /** How many there were beyond those that are kept. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** A value that is not what it must be. */
  refuse(path: string, expected: string, given: unknown, hint?: string): undefined {
    const isNothing = given === null || given === undefined;
    const advice = isNothing ? 'Leave the key out, or give it a value.' : hint;
    return this.error('CONFIG_INVALID', path, `${path} must be ${expected}, got ${gotText(given)}`, advice);
  }

  error(
    code: Diagnostic['code'],
    path: string,
    message: string,
    hint?: string,
    spot: ConfigSpot = 'value',
  ): undefined {
    this.add({ code, severity: 'error', path, message, ...(hint !== undefined && { hint }) }, spot);
  }

  add(diagnostic: Diagnostic, spot: ConfigSpot = 'value'): void {
    if (diagnostic.severity === 'error') this.#errorCount++;
    if (this.complaints.length < COMPLAINTS_MAX) this.complaints.push({ ...diagnostic, spot });
    else this.#leftOut++;
  }
}

/** In the words of YAML. */
export function gotText(given: unknown): string {
  if (given === null || given === undefined) return 'nothing';
  if (Array.isArray(given)) return given.length === 0 ? 'an empty list' : `a list of ${given.length}`;
  if (typeof given !== 'object') return shown(given);
  return Object.keys(given).length === 0 ? 'an empty mapping' : 'a mapping';
}
