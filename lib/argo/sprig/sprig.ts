// The function library Sprig 3.3, as far as it makes sense for metrics: all of its generic functions but those listed in
// `sprig-absent.ts`, and `env` and `expandenv`, which Argo does not have either.
import type { ExpressionFunction } from '../go/value/value.js';
import { ABSENT_FUNCTIONS } from './sprig-absent.js';
import { DATE_FUNCTIONS } from './sprig-dates.js';
import { DEFAULT_FUNCTIONS } from './sprig-defaults.js';
import { DICT_FUNCTIONS } from './sprig-dicts.js';
import { ENCODING_FUNCTIONS } from './sprig-encoding.js';
import { LIST_FUNCTIONS } from './sprig-lists.js';
import { MATH_FUNCTIONS } from './sprig-math.js';
import { PATH_FUNCTIONS } from './sprig-paths.js';
import { REGEXP_FUNCTIONS } from './sprig-regexps.js';
import { STRING_FUNCTIONS } from './sprig-strings.js';
import { URL_FUNCTIONS } from './sprig-urls.js';
import { VERSION_FUNCTIONS } from './sprig-versions.js';
import { WORD_FUNCTIONS } from './sprig-words.js';

/** Sprig's functions by name. All are pure but those that read the clock of the evaluation. */
export const SPRIG: ReadonlyMap<string, ExpressionFunction> = new Map(
  [
    ABSENT_FUNCTIONS,
    DATE_FUNCTIONS,
    DEFAULT_FUNCTIONS,
    DICT_FUNCTIONS,
    ENCODING_FUNCTIONS,
    LIST_FUNCTIONS,
    MATH_FUNCTIONS,
    PATH_FUNCTIONS,
    REGEXP_FUNCTIONS,
    STRING_FUNCTIONS,
    URL_FUNCTIONS,
    VERSION_FUNCTIONS,
    WORD_FUNCTIONS,
  ].flatMap(functions => Object.entries(functions)),
);
