// Which values an instrument takes, and what of them. What is refused is counted and said once; nothing throws. Any thread.
import type { InstrumentKind } from '../store/definition/stream.js';
import type { StoreCore } from '../store/store-core.js';

/** What decides about the values of one instrument. */
export interface ValueRules {
  readonly core: StoreCore;
  readonly name: string;
  readonly kind: InstrumentKind;
  /** Fractions are cut off. */
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
  /** NaN, which is between no limits. */
  readonly takesNaN: boolean;
}

type Limits = Pick<ValueRules, 'min' | 'max' | 'takesNaN'>;

/** A sum would keep an infinity for ever. */
const GROWING: Limits = { min: 0, max: Number.MAX_VALUE, takesNaN: false };
const FINITE: Limits = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, takesNaN: false };
/** With negative values its sum could fall, which reads as a restart. */
const RECORDED: Limits = { min: 0, max: Infinity, takesNaN: false };
const EVERY_NUMBER: Limits = { min: -Infinity, max: Infinity, takesNaN: true };

const LIMITS: Readonly<Record<InstrumentKind, Limits>> = {
  COUNTER: GROWING,
  OBSERVABLE_COUNTER: GROWING,
  UP_DOWN_COUNTER: FINITE,
  OBSERVABLE_UP_DOWN_COUNTER: FINITE,
  HISTOGRAM: RECORDED,
  GAUGE: EVERY_NUMBER,
  OBSERVABLE_GAUGE: EVERY_NUMBER,
};

export function rulesOf(core: StoreCore, name: string, kind: InstrumentKind, isInteger: boolean): ValueRules {
  const { min, max, takesNaN } = LIMITS[kind];
  return { core, name, kind, isInteger, min, max, takesNaN };
}

/** What is recorded of a value; undefined when it is refused, which is counted. */
export function takenOf(rules: ValueRules, value: unknown): number | undefined {
  if (typeof value === 'number' && ((value >= rules.min && value <= rules.max) || rules.takesNaN))
    return rules.isInteger ? wholeOf(rules, value) : value;
  refuseValue(rules, value);
  return undefined;
}

/** Counts a value that the instrument does not take. */
export function refuseValue({ core, name, kind, min }: ValueRules, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value)) return refuseNotANumber(core, name, value);
  if (min === 0 && value < min) {
    const [what, why] = kind === 'HISTOGRAM' ? ['histogram', 'its sum'] : ['counter', 'a counter'];
    return refuse(core, 'negative', `the ${what} ${name} was given ${value}: ${why} only grows`);
  }
  refuse(core, 'notFinite', `${name} was given ${value}: a sum would keep it for ever`);
}

function refuseNotANumber(core: StoreCore, name: string, value: unknown): void {
  refuse(
    core,
    'notANumber',
    `${name} was given ${typeof value === 'number' ? 'NaN' : `a ${typeof value}`} instead of a number`,
  );
}

/** The fraction is cut off. Undefined for what is so large that a number does not tell it from its neighbours. */
function wholeOf({ core, name }: ValueRules, value: number): number | undefined {
  if (Number.isNaN(value)) return void refuseNotANumber(core, name, value);
  // Not minus zero.
  const whole = Math.trunc(value) + 0;
  if (!Number.isSafeInteger(whole)) {
    const cause = Number.isFinite(value) ? 'unsafeInteger' : 'notFinite';
    return void refuse(core, cause, `${name} was given ${value}: integers are taken up to 2^53 - 1`);
  }
  if (whole !== value)
    core.say(
      'warn',
      'fraction',
      `${name} was given ${value}: its valueType is INT, so fractions are cut off (said once)`,
    );
  return whole;
}

type Cause = 'notANumber' | 'negative' | 'notFinite' | 'unsafeInteger';

function refuse(core: StoreCore, cause: Cause, detail: string): void {
  core.count(cause);
  core.warn(cause, detail);
}
