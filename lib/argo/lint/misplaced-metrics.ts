// Fields that were meant to be `metrics` and are not: a name with a slip, a place that has none. What is declared there is
// refused with the whole object, and nobody would miss it here.
import { closestWord } from '../budget/closest-word.js';
import { isRecord } from '../../guard/json-value.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { memberPath } from '../manifest/manifest-position.js';
import { callsOf, templatesOfSpec } from '../manifest/metrics-blocks.js';
import type { PlacedSpec } from '../manifest/metrics-blocks.js';

type Json = Readonly<Record<string, unknown>>;

/** Parts of a template that people take for the template itself. A plugin's fields are its own. */
const PARTS = ['container', 'script', 'containerSet', 'resource', 'data', 'http', 'suspend', 'dag'];

export function reportMisplacedMetrics({ spec, path }: PlacedSpec, report: MetricReport): void {
  reportMisspelt(spec, path, report);
  const { templateDefaults } = spec;
  if (isRecord(templateDefaults)) reportMisspelt(templateDefaults, `${path}.templateDefaults`, report);
  for (const { template, path: place } of templatesOfSpec(spec, path)) {
    reportMisspelt(template, place, report);
    for (const { call, path: callPath } of callsOf(template, place)) reportForeign(call, callPath, report);
    for (const part of PARTS) {
      const body = template[part];
      if (isRecord(body)) reportForeign(body, `${place}.${part}`, report);
    }
  }
}

function reportMisspelt(object: Json, path: string, report: MetricReport): void {
  for (const key of Object.keys(object)) {
    if (key === 'metrics' || closestWord(key, ['metrics']) === undefined) continue;
    unknown(memberPath(path, key), "Did you mean 'metrics'?", report);
  }
}

function reportForeign(object: Json, path: string, report: MetricReport): void {
  if (isRecord(object['metrics']))
    unknown(`${path}.metrics`, 'Metrics stand in the template itself, beside its name.', report);
}

function unknown(path: string, hint: string, report: MetricReport): void {
  report.error('FIELD_UNKNOWN', path, `unknown field "${path}"`, hint);
}
