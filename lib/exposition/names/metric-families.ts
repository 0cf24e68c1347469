import type { CollectedStream } from '../../store/definition/stream.js';
import { instrumentText, metricName, prometheusType, unitOfName } from './metric-name.js';
import type { PrometheusType } from './metric-name.js';
import { compareText } from './text-order.js';

/** What shares one HELP and one TYPE line. */
export interface MetricFamily {
  readonly name: string;
  readonly type: PrometheusType;
  readonly help: string;
  /** The word that the name ends with, before `_total`; empty where there is none. */
  readonly unit: string;
  readonly streams: readonly CollectedStream[];
}

/** What a histogram's lines are called, besides its own name. */
const HISTOGRAM_SUFFIXES = ['_bucket', '_sum', '_count'] as const;

/**
 * Groups streams by the name they are exposed under, sorted by that name.
 *
 * "Exporters MUST drop entire metrics to prevent conflicting TYPE comments, but SHOULD NOT drop metric points as a result
 * of conflicting UNIT or HELP comments": the stream that the store lists first decides, `warn` is told what was left out.
 *
 * @param reservedNames are taken before the first stream is looked at.
 * @param utf8Names as for `metricName`: names that are one in the old alphabet may be two here.
 */
export function metricFamilies(
  streams: readonly CollectedStream[],
  reservedNames: readonly string[],
  warn: (subject: string, message: string) => void,
  utf8Names = false,
): MetricFamily[] {
  const families = new Map<string, MetricFamily & { unit: string; readonly streams: CollectedStream[] }>();
  const owners = new Map<string, string>(reservedNames.map(name => [name, name]));
  for (const stream of streams) {
    const { definition } = stream;
    const name = metricName(definition, utf8Names);
    const type = prometheusType(definition.kind);
    if (stream.temporality !== 'cumulative') {
      warn(
        name,
        `Not exposed to Prometheus: ${instrumentText(definition)} was collected with delta temporality.`,
      );
      continue;
    }
    const family = families.get(name);
    const sampleNames = namesOfSamples(name, type);
    const takenName = sampleNames.find(sample => owners.has(sample) && owners.get(sample) !== name);
    if (takenName !== undefined || (family === undefined ? owners.has(name) : family.type !== type)) {
      const holder = owners.get(takenName ?? name) ?? name;
      warn(
        name,
        `Not exposed to Prometheus: ${instrumentText(definition)} would be the ${type} "${name}", but the name ` +
          `"${takenName ?? name}" belongs to ${family?.type ?? 'the metric'} "${holder}". Rename one of them, for example by a View.`,
      );
      continue;
    }
    if (family === undefined) {
      for (const sample of sampleNames) owners.set(sample, name);
      const unit = unitOfName(name, definition);
      families.set(name, { name, type, help: definition.description, unit, streams: [stream] });
      continue;
    }
    if (family.help !== definition.description)
      warn(
        name,
        `The HELP text "${definition.description}" of ${instrumentText(definition)} is not exposed to Prometheus: ` +
          `"${name}" has the text "${family.help}" already. Make them equal, for example by a View.`,
      );
    if (family.unit === '') family.unit = unitOfName(name, definition);
    family.streams.push(stream);
  }
  return [...families.values()].sort((a, b) => compareText(a.name, b.name));
}

function namesOfSamples(name: string, type: PrometheusType): string[] {
  return type === 'histogram' ? [name, ...HISTOGRAM_SUFFIXES.map(suffix => name + suffix)] : [name];
}
