// Manifests that stand as texts in others: what a template of kind resource creates, what a Sensor submits, what a
// ConfigMap keeps.
import { recordAt, textAt } from '../../guard/json-value.js';
import { objectsIn, sourcesOfSensor } from './manifest-objects.js';
import { memberPath } from './manifest-position.js';
import { templatesOfSpec, workflowSpecsIn } from './metrics-blocks.js';

export interface EmbeddedManifest {
  /** Of the text, in the document. */
  readonly path: string;
  /** The outer workflow fills in the tags that it knows before the inner one is created. */
  readonly isSubstitutedBefore: boolean;
}

/** Where the texts are that hold objects of Argo. */
export function findEmbeddedManifests(document: unknown): readonly EmbeddedManifest[] {
  const found: EmbeddedManifest[] = [];
  const add = (object: unknown, key: string, path: string, isSubstitutedBefore: boolean): void => {
    if (textAt(object, key).includes('argoproj.io/'))
      found.push({ path: memberPath(path, key), isSubstitutedBefore });
  };
  for (const { spec, path } of workflowSpecsIn(document))
    for (const { template, path: place } of templatesOfSpec(spec, path))
      add(recordAt(template, 'resource'), 'manifest', `${place}.resource`, true);
  for (const { object, path } of objectsIn(document)) {
    const kind = textAt(object, 'kind');
    const sources = kind === 'Sensor' ? sourcesOfSensor(object, path) : [];
    for (const source of sources) add(source.object, 'inline', source.path, false);
    const data = kind === 'ConfigMap' ? recordAt(object, 'data') : {};
    for (const key of Object.keys(data)) add(data, key, memberPath(path, 'data'), false);
  }
  return found;
}
