// The key `views`: the limited Views of the library, as far as they can be written down. A policy's `map` is a function, so it
// is not among them.
import { isMetricStoreError } from '../../errors.js';
import { isRecord } from '../../guard/json-value.js';
import {
  ALLOWED_VALUES_MAX,
  CARDINALITY_LIMIT_MAX,
  LABEL_VALUE_LENGTH_DEFAULT,
  POLICIES_MAX,
  POLICY_VALUES_MAX,
} from '../../limits.js';
import { limitViews, type CardinalityLimitedViewOptions } from '../../otel/cardinality-limited-view.js';
import type { LabelPolicy } from '../../otel/label-policy.js';
import { dictionary, list, mapping, oneOf } from './composite-types.js';
import { BOOLEAN, text, whole, type ConfigType, type ValueOf } from './config-type.js';
import { duration } from './quantity-types.js';

const VIEWS_MAX = 100;
const NAME_LENGTH_MAX = 1000;
const PATTERN_LENGTH_MAX = 1000;
/** A year: what lives longer need not expire. */
const TTL_MILLIS_MAX = 365 * 24 * 3_600_000;

const TRUE: ConfigType<true> = {
  expected: 'true',
  schema: { const: true },
  read: (given, path, report) => (given === true ? given : report.refuse(path, 'true', given)),
  plain: value => value,
};

const EXPRESSION = text({ expected: 'a regular expression of JavaScript', lengthMax: PATTERN_LENGTH_MAX });

/** Which texts are regular expressions no schema can say. */
const PATTERN: ConfigType<string> = {
  ...EXPRESSION,
  read(given, path, report) {
    const source = EXPRESSION.read(given, path, report);
    if (source === undefined) return undefined;
    try {
      new RegExp(source);
      return source;
    } catch (error) {
      return report.refuse(
        path,
        EXPRESSION.expected,
        given,
        error instanceof Error ? error.message : undefined,
      );
    }
  },
};

const ALLOWED = oneOf(
  'a text, or { pattern: … } with a regular expression',
  {
    type: text({ expected: 'a text', lengthMin: 0, lengthMax: LABEL_VALUE_LENGTH_DEFAULT }),
    takes: given => !isRecord(given),
    has: value => typeof value === 'string',
  },
  {
    type: mapping(
      'a mapping with the key pattern',
      { pattern: { type: PATTERN, description: 'A value in which it is found is let in.' } },
      ['pattern'],
    ),
    takes: isRecord,
    has: isRecord,
  },
);

const OVERFLOW = { expected: 'a text', lengthMax: LABEL_VALUE_LENGTH_DEFAULT } as const;

const BOUNDED = mapping('a mapping with allow, maxValues or both', {
  allow: {
    type: list(ALLOWED, { noun: 'texts and patterns', min: 1, max: ALLOWED_VALUES_MAX }),
    description: 'Any other value becomes overflowValue.',
  },
  maxValues: {
    type: whole(1, POLICY_VALUES_MAX),
    description: 'The first so many values keep theirs; any other becomes overflowValue.',
  },
  overflowValue: {
    type: text(OVERFLOW),
    description: 'What stands for values that are not let in. Default: _OTHER.',
  },
});

/** At least one of them says what is let in. */
const LETS_IN = ['allow', 'maxValues'] as const;

const BOUNDED_POLICY: typeof BOUNDED = {
  ...BOUNDED,
  schema: { ...BOUNDED.schema, anyOf: LETS_IN.map(key => ({ required: [key] })) },
  read(given, path, report) {
    const policy = BOUNDED.read(given, path, report);
    if (policy === undefined || LETS_IN.some(key => policy[key] !== undefined)) return policy;
    return report.refuse(path, POLICY_FORMS, given);
  },
};

const POLICY_FORMS = '{ drop: true }, or a mapping with allow, maxValues or both';
const saysDrop = (given: unknown): boolean => isRecord(given) && Object.hasOwn(given, 'drop');

const POLICY = oneOf(
  POLICY_FORMS,
  {
    type: mapping(
      '{ drop: true } and nothing else',
      {
        drop: { type: TRUE, description: 'The label is left out. Nothing else can be said of it.' },
      },
      ['drop'],
    ),
    takes: saysDrop,
    has: saysDrop,
  },
  {
    type: BOUNDED_POLICY,
    takes: given => isRecord(given) && !saysDrop(given),
    has: value => !saysDrop(value),
  },
);

const VIEW = mapping(
  'a mapping with the key instrumentName',
  {
    instrumentName: {
      type: text({
        expected:
          'the name of a metric as it is exposed, with * and ? for any text and any character, but not all metrics',
        lengthMax: NAME_LENGTH_MAX,
        pattern: /^(?![*?]*\*[*?]*$)/,
      }),
      description:
        'The metric, by the name that it is exposed under, such as argo_workflows_runs_total; * is any text and ? any character.',
    },
    limit: {
      type: whole(1, CARDINALITY_LIMIT_MAX),
      description:
        'Series of the metric; others go to one overflow series. Default: limits.cardinalityLimit.',
    },
    seriesTtl: {
      type: duration(0, TTL_MILLIS_MAX),
      description:
        "How long a series lives that nobody records into; 0: for ever. metricsConfig's own times go first.",
    },
    dryRun: {
      type: BOOLEAN,
      description: 'true: nothing is limited, and the report of cardinality says what would be.',
    },
    labels: {
      type: dictionary(POLICY, {
        noun: 'labels',
        max: POLICIES_MAX,
        keyLengthMax: LABEL_VALUE_LENGTH_DEFAULT,
      }),
      description: 'What may become of labels, by their names.',
    },
  },
  ['instrumentName'],
);

const LIST = list(VIEW, { noun: 'Views', min: 0, max: VIEWS_MAX });

/** A View as the file has it, durations in milliseconds. */
export type ViewSetting = ValueOf<typeof VIEW>;

/** That two Views may match one metric no schema can say. */
export const VIEWS: ConfigType<readonly ViewSetting[]> = {
  ...LIST,
  read(given, path, report) {
    const settings = LIST.read(given, path, report);
    if (settings === undefined) return undefined;
    const errorsBefore = report.errorCount;
    let views: ReturnType<typeof limitViews> = [];
    for (const [index, option] of viewOptions(settings, 1).entries())
      try {
        views = limitViews(views, [option]);
      } catch (error) {
        if (!isMetricStoreError(error)) throw error;
        const message = error.message.replace(/ \[INVALID_OPTION\]$/, '');
        report.error('CONFIG_INVALID', `${path}[${index}].instrumentName`, message);
      }
    return report.errorCount > errorsBefore ? undefined : settings;
  },
};

/** What `limitViews` takes. @param limit of those that have none of their own */
export function viewOptions(
  settings: readonly ViewSetting[],
  limit: number,
): readonly CardinalityLimitedViewOptions[] {
  return settings.map(({ instrumentName = '', seriesTtl, dryRun, labels, ...view }) => ({
    instrumentName,
    limit: view.limit ?? limit,
    ...(seriesTtl !== undefined && { seriesTtlMillis: seriesTtl }),
    ...(dryRun !== undefined && { dryRun }),
    ...(labels !== undefined && {
      labels: Object.fromEntries(Object.entries(labels).map(([label, policy]) => [label, policyOf(policy)])),
    }),
  }));
}

function policyOf(policy: ValueOf<typeof POLICY>): LabelPolicy {
  if ('drop' in policy) return { drop: true };
  const { allow, maxValues, overflowValue } = policy as ValueOf<typeof BOUNDED>;
  return {
    ...(allow !== undefined && {
      allow: allow.map(each => (typeof each === 'string' ? each : new RegExp(each.pattern ?? ''))),
    }),
    ...(maxValues !== undefined && { maxValues }),
    ...(overflowValue !== undefined && { overflowValue }),
  };
}
