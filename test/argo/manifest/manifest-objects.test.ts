import { expect } from 'chai';
import { objectsIn, sourcesOfSensor } from '../../../lib/argo/manifest/manifest-objects.js';

const workflow = { kind: 'Workflow' };
const sensor = (source: object): object => ({
  kind: 'Sensor',
  spec: { triggers: [{ template: { http: {} } }, { template: { argoWorkflow: { source } } }] },
});
const places = (value: unknown): string[] => objectsIn(value).map(({ path }) => path);

describe('objectsIn', () => {
  it('should find what lists, Sensors and OpenShift Templates hold', () => {
    expect(places(workflow)).to.deep.equal(['']);
    expect(places({ kind: 'WorkflowList', items: [workflow, { kind: 'ConfigMap' }] })).to.deep.equal([
      'items[0]',
      'items[1]',
    ]);
    expect(places(sensor({ resource: workflow }))).to.deep.equal([
      '',
      'spec.triggers[1].template.argoWorkflow.source.resource',
    ]);
    const template = { apiVersion: 'template.openshift.io/v1', kind: 'Template', objects: [workflow] };
    expect(places({ kind: 'List', items: [template] })).to.deep.equal(['items[0].objects[0]']);
    expect(places({ ...template, apiVersion: 'v1' })).to.deep.equal(['objects[0]']);
  });

  it('should take a Template of somebody else for an object, and stand anything', () => {
    expect(places({ apiVersion: 'x/v1', kind: 'Template', objects: [workflow] })).to.deep.equal(['']);
    const list: { kind: string; items: unknown[] } = { kind: 'List', items: [] };
    list.items.push(list);
    for (const value of [null, 5, [], 'x', list]) expect(places(value)).to.deep.equal([]);
  });
});

describe('sourcesOfSensor', () => {
  it('should give each trigger that may hold an object', () => {
    const sources = sourcesOfSensor(sensor({ inline: 'x' }), 'items[0]').filter(
      ({ object }) => 'inline' in object,
    );
    expect(sources).to.deep.equal([
      { object: { inline: 'x' }, path: 'items[0].spec.triggers[1].template.argoWorkflow.source' },
    ]);
  });
});
