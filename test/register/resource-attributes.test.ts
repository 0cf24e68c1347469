import { expect } from 'chai';
import { Environment } from '../../lib/register/environment.js';
import { readResourceAttributes, readResourceAttributesOf } from '../../lib/register/resource-attributes.js';

function read(values: Record<string, string>): { attributes: Record<string, unknown>; warnings: string[] } {
  const environment = new Environment(values);
  return { attributes: readResourceAttributes(environment), warnings: environment.warnings };
}

describe('readResourceAttributes', () => {
  it('should say what the process is when nobody does, with an id that no other one has', () => {
    const [first, second] = [read({}).attributes, read({}).attributes];
    expect(first).to.include({
      'service.name': 'unknown_service:node',
      'telemetry.sdk.name': 'otel-argo-metrics',
      'telemetry.sdk.language': 'nodejs',
    });
    expect(first['service.instance.id']).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(first['service.instance.id']).not.to.equal(second['service.instance.id']);
  });

  it('should take pairs, percent-encoded, and the name of the service before theirs', () => {
    const pairs = ' a = b%2Cc%3D , service.name=x,service.instance.id=7,empty=,d%20e=f,';
    const { attributes, warnings } = read({ OTEL_RESOURCE_ATTRIBUTES: pairs });
    const expected = { a: 'b,c=', empty: '', 'd e': 'f', 'service.instance.id': '7' };
    expect(attributes).to.include({ ...expected, 'service.name': 'x' });
    expect(warnings).to.deep.equal([]);
    const named = read({ OTEL_RESOURCE_ATTRIBUTES: pairs, OTEL_SERVICE_NAME: 'shop' });
    expect(named.attributes).to.include({ ...expected, 'service.name': 'shop' });
  });

  it('should take none of the pairs when one is wrong', () => {
    for (const wrong of ['a', '=b', 'a=b=c', 'a=%', 'a=%ff', '%=b']) {
      const { attributes, warnings } = read({
        OTEL_RESOURCE_ATTRIBUTES: `good=1,${wrong}`,
        OTEL_SERVICE_NAME: 's',
      });
      expect(attributes, wrong).to.not.have.property('good');
      expect(attributes).to.include({ 'service.name': 's' });
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include('OTEL_RESOURCE_ATTRIBUTES must be').and.include('none of it is used');
    }
  });
});

describe('readResourceAttributesOf', () => {
  it('should say the same of each process of that name, unless something else is given', () => {
    const sdk = { 'telemetry.sdk.language': 'nodejs', 'telemetry.sdk.name': 'otel-argo-metrics' };
    const read = (values: Record<string, string>): unknown =>
      readResourceAttributesOf('shop', new Environment(values));
    expect(read({})).to.deep.equal({ 'service.name': 'shop', ...sdk });
    const pairs = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,service.instance.id=7' };
    expect(read(pairs)).to.deep.equal({ 'service.name': 'x', 'service.instance.id': '7', ...sdk });
    expect(read({ ...pairs, OTEL_SERVICE_NAME: 'y' })).to.include({ 'service.name': 'y' });
  });
});
