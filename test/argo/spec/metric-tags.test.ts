import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportUnknownTags, tagsOf } from '../../../lib/argo/spec/metric-tags.js';
import { hintForTag } from '../../../lib/argo/variables/tag-hint.js';
import { metricsOf } from '../custom-store.js';

const spec = {
  name: 'm_{{a}}',
  help: 'H {{ b }}',
  when: '{{c}} == 1',
  labels: [{ key: 'k', value: 'x {{workflow.nmae}}' }],
  counter: { value: '{{steps.a.outputs.result}}' },
};

describe('the tags of a metric', () => {
  const [metric] = compileAlone(metricsOf(spec), '').metrics;

  it('should be those of all texts, trimmed, with their place', () => {
    expect(
      metric && tagsOf(metric).map(({ name, path, position }) => `${name} ${path} ${position}`),
    ).to.deep.equal([
      'a prometheus[0].name 2',
      'b prometheus[0].help 2',
      'c prometheus[0].when 0',
      'workflow.nmae prometheus[0].labels[0].value 2',
      'steps.a.outputs.result prometheus[0].counter.value 0',
    ]);
  });

  it('should be doubted when they only look like variables of Argo', () => {
    const diagnostics: Diagnostic[] = [];
    if (metric) reportUnknownTags(metric, diagnostics);
    expect(diagnostics.map(({ code, hint }) => `${code} ${hint}`)).to.deep.equal([
      'TAG_UNKNOWN Did you mean {{workflow.name}}?',
      `TAG_UNKNOWN ${hintForTag('steps.a.b')}`,
    ]);
    expect(hintForTag('steps.a.b')).to.match(/^Metrics see no other nodes/);
    expect(hintForTag('nothing.like.it')).to.match(/no such variable/);
  });
});
