// The objects of Argo Workflows in a document: the document itself, or those that lists, Sensors and OpenShift Templates
// hold.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { fillParameters } from './openshift-template.js';

export interface ManifestObject {
  readonly object: unknown;
  /** Where it stands in the document; empty for the document itself. */
  readonly path: string;
}

/** All objects that a document brings, of whatever kind, Sensors with what they submit. */
export function objectsIn(value: unknown): readonly ManifestObject[] {
  const found: ManifestObject[] = [];
  collect(value, '', 0, found);
  return found;
}

/** Lists in templates in Sensors; nobody nests them deeper. */
const DEPTH_MAX = 5;

function collect(object: unknown, path: string, depth: number, found: ManifestObject[]): void {
  if (!isRecord(object) || depth > DEPTH_MAX) return;
  const kind = textAt(object, 'kind');
  if (/^\w*List$/.test(kind)) collectAll(listAt(object, 'items'), join(path, 'items'), depth, found);
  else if (kind === 'Template' && OPENSHIFT.test(textAt(object, 'apiVersion')))
    collectAll(listAt(fillParameters(object), 'objects'), join(path, 'objects'), depth, found);
  else {
    found.push({ object, path });
    for (const source of kind === 'Sensor' ? sourcesOfSensor(object, path) : [])
      collect(source.object['resource'], `${source.path}.resource`, depth + 1, found);
  }
}

/** OpenShift 3 had them in `v1`. */
const OPENSHIFT = /^(?:template\.openshift\.io\/\w+|v1)$/;

/** The triggers of a Sensor that hold an object of Kubernetes. */
const TRIGGERS = ['argoWorkflow', 'k8s'] as const;

/** Where a Sensor has what it submits: as a `resource`, or as an `inline` text. */
export function sourcesOfSensor(
  sensor: unknown,
  path: string,
): readonly { readonly object: Readonly<Record<string, unknown>>; readonly path: string }[] {
  return listAt(recordAt(sensor, 'spec'), 'triggers').flatMap((trigger, index) =>
    TRIGGERS.map(name => ({
      object: recordAt(recordAt(recordAt(trigger, 'template'), name), 'source'),
      path: join(path, `spec.triggers[${index}].template.${name}.source`),
    })),
  );
}

function collectAll(objects: readonly unknown[], path: string, depth: number, found: ManifestObject[]): void {
  for (const [index, item] of objects.entries()) collect(item, `${path}[${index}]`, depth + 1, found);
}

function join(path: string, rest: string): string {
  return path === '' ? rest : `${path}.${rest}`;
}
