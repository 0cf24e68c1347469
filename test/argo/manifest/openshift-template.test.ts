import { expect } from 'chai';
import { fillParameters, isUncertain, UNKNOWN_VALUE } from '../../../lib/argo/manifest/openshift-template.js';

const template = {
  kind: 'Template',
  parameters: [
    { name: 'PREFIX', value: 'shop' },
    { name: 'LIVE', value: 'true' },
    { name: 'BOUND', value: '2.5' },
    { name: 'SECRET', generate: 'expression' },
  ],
  objects: [
    {
      name: '${PREFIX}_runs',
      realtime: '${{LIVE}}',
      buckets: ['${{BOUND}}'],
      other: '${NONE}',
      value: '${SECRET}',
    },
  ],
};

describe('fillParameters', () => {
  it('should fill in texts and values, and leave what nobody declares', () => {
    expect(fillParameters(template)['objects']).to.deep.equal([
      { name: 'shop_runs', realtime: true, buckets: [2.5], other: '${NONE}', value: UNKNOWN_VALUE },
    ]);
    expect(template.objects[0]?.name).to.equal('${PREFIX}_runs');
  });

  it('should end for what has no end', () => {
    const objects: unknown[] = [];
    objects.push(objects);
    expect(fillParameters({ ...template, objects })).to.be.an('object');
  });
});

describe('isUncertain', () => {
  it('should know which texts hang on a value that is not known', () => {
    const at = (path: string, metric?: string): boolean =>
      isUncertain(template, {
        code: 'VALUE_INVALID',
        severity: 'error',
        message: '',
        path,
        ...(metric && { metric }),
      });
    expect(at('objects[0].value')).to.equal(true);
    expect(at('objects[0].name')).to.equal(false);
    expect(at('objects[0].none.at.all')).to.equal(false);
    expect(at('objects[0]', `a_${UNKNOWN_VALUE}`)).to.equal(true);
    expect(
      isUncertain({ kind: 'Workflow' }, { code: 'VALUE_INVALID', severity: 'error', message: '', path: 'a' }),
    ).to.equal(false);
  });
});
