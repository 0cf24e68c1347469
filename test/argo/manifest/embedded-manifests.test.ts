import { expect } from 'chai';
import { findEmbeddedManifests } from '../../../lib/argo/manifest/embedded-manifests.js';

const text = 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n';
const found = (document: unknown): string[] =>
  findEmbeddedManifests(document).map(({ path, isSubstitutedBefore }) => `${path} ${isSubstitutedBefore}`);

describe('findEmbeddedManifests', () => {
  it('should find what templates create, what Sensors submit and what ConfigMaps keep', () => {
    const resource = { resource: { action: 'create', manifest: text } };
    const dag = { dag: { tasks: [{ inline: resource }] } };
    expect(
      found({ kind: 'CronWorkflow', spec: { workflowSpec: { templates: [resource, dag] } } }),
    ).to.deep.equal([
      'spec.workflowSpec.templates[0].resource.manifest true',
      'spec.workflowSpec.templates[1].dag.tasks[0].inline.resource.manifest true',
    ]);
    const triggers = [{ template: { k8s: { source: { inline: text } } } }];
    expect(found({ kind: 'Sensor', spec: { triggers } })).to.deep.equal([
      'spec.triggers[0].template.k8s.source.inline false',
    ]);
    expect(found({ kind: 'ConfigMap', data: { 'a.yaml': text, other: 'x' } })).to.deep.equal([
      'data["a.yaml"] false',
    ]);
  });

  it('should pass over texts that are not for Argo, and over anything else', () => {
    const deployment = { resource: { manifest: 'kind: Deployment' } };
    for (const document of [
      { kind: 'Workflow', spec: { templates: [deployment, null] } },
      { kind: 'ConfigMap' },
      5,
      null,
    ])
      expect(found(document)).to.deep.equal([]);
  });
});
