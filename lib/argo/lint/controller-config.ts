// The configuration of the workflow controller, as its ConfigMap or the values of its Helm chart have it: the defaults of
// all workflows, which may have metrics, and `metricsConfig`.
import { closestWord } from '../budget/closest-word.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isRecord, recordAt, textAt } from '../../guard/json-value.js';
import { resolveMetricsConfig } from '../emit/metrics-config.js';
import { objectsIn } from '../manifest/manifest-objects.js';
import { memberPath } from '../manifest/manifest-position.js';
import type { PlacedSpec } from '../manifest/metrics-blocks.js';
import type { ManifestDocument, ManifestProblem } from '../manifest/read-manifests.js';

/** One part of a configuration, in the document that its paths are of. */
export interface ControllerConfig {
  readonly document: ManifestDocument;
  /** `workflowDefaults` */
  readonly defaults: PlacedSpec | undefined;
  /** What is wrong with `metricsConfig`. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ControllerConfigs {
  readonly configs: readonly ControllerConfig[];
  /** Texts that are no YAML. */
  readonly problems: readonly ManifestProblem[];
}

/** All of a document; nothing for documents of other kinds. */
export function controllerConfigsIn(document: ManifestDocument): ControllerConfigs {
  const configs: ControllerConfig[] = [];
  const problems: ManifestProblem[] = [];
  for (const { object, path } of objectsIn(document.value)) {
    if (textAt(object, 'kind') !== 'ConfigMap') continue;
    const dataPath = memberPath(path, 'data');
    const data = recordAt(object, 'data');
    for (const key of ['config', 'workflowDefaults', 'metricsConfig'] as const) {
      if (textAt(data, key) === '') continue;
      const text = document.readEmbedded(memberPath(dataPath, key));
      const found = text.documents.flatMap(embedded => configsOfText(key, embedded));
      for (const config of found) configs.push(config);
      // A key `config` means something to many programs.
      if (found.length > 0 || key !== 'config') for (const problem of text.problems) problems.push(problem);
      if (found.length > 0 && key === 'config' && Object.keys(data).length > 1)
        configs.push({ document, defaults: undefined, diagnostics: [notAlone(memberPath(dataPath, key))] });
    }
  }
  return { configs: [...configs, ...configsOfValues(document)], problems };
}

function configsOfText(
  key: 'config' | 'workflowDefaults' | 'metricsConfig',
  document: ManifestDocument,
): ControllerConfig[] {
  const { value } = document;
  switch (key) {
    case 'config':
      return configOf(document, value, '', false);
    case 'workflowDefaults':
      return [{ document, defaults: defaultsOf(value, ''), diagnostics: [] }];
    case 'metricsConfig':
      return [{ document, defaults: undefined, diagnostics: diagnose(value, '', false) }];
  }
}

/** The values of a chart are no object of Kubernetes. The controller's stand under the name of its chart in others. */
function configsOfValues(document: ManifestDocument): readonly ControllerConfig[] {
  const { value } = document;
  if (!isRecord(value) || value['kind'] !== undefined || value['apiVersion'] !== undefined) return [];
  const found = configOf(document, value['controller'], 'controller', true);
  for (const [key, part] of Object.entries(value)) {
    const place = memberPath(key, 'controller');
    if (isRecord(part) && key !== 'controller')
      for (const config of configOf(document, part['controller'], place, true)) found.push(config);
  }
  return found;
}

function configOf(
  document: ManifestDocument,
  config: unknown,
  path: string,
  isOfChart: boolean,
): ControllerConfig[] {
  if (!isRecord(config) || !(isRecord(config['workflowDefaults']) || isRecord(config['metricsConfig'])))
    return [];
  const defaults = defaultsOf(config['workflowDefaults'], memberPath(path, 'workflowDefaults'));
  const metricsConfig = memberPath(path, 'metricsConfig');
  return [{ document, defaults, diagnostics: diagnose(config['metricsConfig'], metricsConfig, isOfChart) }];
}

function defaultsOf(object: unknown, path: string): PlacedSpec | undefined {
  const spec = recordAt(object, 'spec');
  return isRecord(object) ? { object, spec, path: memberPath(path, 'spec') } : undefined;
}

/** What the controller reads of a TTL: one number and one unit. */
const TTL_OF_ARGO = /^(?:[+-]?\d+[dhms]|[+-]?0|)$/;
const REFUSED_HINT = 'The controller refuses the whole configuration.';

/** What the controller would refuse; what only has no effect here has one there. */
function diagnose(config: unknown, path: string, isOfChart: boolean): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const diagnostic of resolveMetricsConfig(config).diagnostics) {
    const place = diagnostic.path
      .replace(/^metricsConfig\.?/, path === '' ? '' : `${path}.`)
      .replace(/\.$/, '');
    const isUnknown = /^unknown field '/.test(diagnostic.message);
    if (diagnostic.code === 'CONFIG_INVALID')
      found.push({ ...diagnostic, path: place, hint: diagnostic.hint ?? REFUSED_HINT });
    else if (isUnknown && !isOfChart) {
      const hint = hintForField(place);
      found.push({ ...diagnostic, code: 'FIELD_UNKNOWN', severity: 'error', path: place, hint });
    }
  }
  for (const [name, modifier] of Object.entries(recordAt(config, 'modifiers'))) {
    if (!isRecord(modifier) || modifier['ttl'] === undefined) continue;
    const place = memberPath(memberPath(memberPath(path, 'modifiers'), name), 'ttl');
    const hint = `Only metrics that are recorded without the controller have a TTL each. ${REFUSED_HINT}`;
    found.push({
      code: 'FIELD_UNKNOWN',
      severity: 'error',
      path: place,
      message: "unknown field 'ttl'",
      hint,
    });
  }
  const ttl = isRecord(config) ? config['metricsTTL'] : undefined;
  const isInvalid = found.some(diagnostic => diagnostic.path === memberPath(path, 'metricsTTL'));
  if (typeof ttl === 'string' && !TTL_OF_ARGO.test(ttl) && !isInvalid) {
    const message = `the controller cannot read the TTL '${ttl}': it takes one number and one unit`;
    const hint = `Such as 90m; d, h, m and s are units. ${REFUSED_HINT}`;
    found.push({
      code: 'CONFIG_INVALID',
      severity: 'error',
      path: memberPath(path, 'metricsTTL'),
      message,
      hint,
    });
  }
  return found;
}

/** Those of `metricsConfig` and of its modifiers. */
export const METRICS_CONFIG_FIELDS: readonly string[] = [
  ...[
    'enabled',
    'disableLegacy',
    'metricsTTL',
    'path',
    'port',
    'ignoreErrors',
    'secure',
    'modifiers',
    'temporality',
  ],
  ...['disabled', 'disabledAttributes', 'histogramBuckets'],
];

function hintForField(path: string): string {
  const key = path.slice(path.lastIndexOf('.') + 1);
  // Argo's own example of the ConfigMap has them under that name, which its controller refuses.
  const similar = key === 'options' ? 'modifiers' : closestWord(key, METRICS_CONFIG_FIELDS);
  return similar === undefined ? REFUSED_HINT : `Did you mean '${similar}'? ${REFUSED_HINT}`;
}

function notAlone(path: string): Diagnostic {
  const message = "if you have an item in your config map named 'config', you must only have one item";
  return { code: 'CONFIG_INVALID', severity: 'error', path, message, hint: REFUSED_HINT };
}
