import { expect } from 'chai';
import { renderTemplate } from '../../../lib/index.js';
import { findingsIn, inTemplate, labelled } from './manifest-findings.js';

const TEMPLATE = { container: {}, inputs: { parameters: [{ name: 'n' }] } };
const said = (text: string): string =>
  findingsIn(inTemplate(labelled(text), TEMPLATE), 'NODE_FAILS')[0] ?? '';

/** What Argo Workflows 4.1.2 does with each of these on its way into a pod was tried with its own code. */
describe('reportPodExpressions', () => {
  it('should find what is read with one level of escapes too many', () => {
    for (const text of [
      '{{=status == "Failed"}}',
      '{{=asFloat(duration) > 5}}',
      "{{=status == 'a<b'}}",
      "{{=status == 'it\\'s'}}",
      '{{=asFloat(duration)\n + 5.0}}',
      "{{=status\t+ 'x'}}",
      "{{=exitCode == '0' ? 'ok' : \"bad\"}}",
      "{{=workflow.failures > 'a'}}",
    ])
      expect(said(text), text).to.match(/^error NODE_FAILS/);
  });

  it('should pass what the pod can carry', () => {
    for (const text of [
      "{{=status == 'Failed'}}",
      "{{=status matches '^\\\\d'}}",
      "{{=status == 'a\\nb'}}",
      '{{=status == `a`}}',
      "{{=status == 'é'}}",
      '{{=inputs.parameters.n == "abc"}}',
      '{{=workflow.status == "Failed" ? "a" : "b"}}',
      '{{status}} < 5 && "x"',
    ])
      expect(said(text), text).to.equal('');
  });

  it('should warn where only a value can keep it from being known before', () => {
    expect(said('{{=asInt(inputs.parameters.n) > 5}}')).to.match(/^warning NODE_FAILS.*unless/);
  });

  it('should hint at forms that work', () => {
    expect(said("{{=status == 'a' && status == 'b'}}")).to.match(/Write `and`/);
    expect(said('{{=asFloat(duration) > 5}}')).to.match(
      /max\(a, b\) != b for a > b and min\(a, b\) != b for a < b/,
    );
    for (const [duration, isLong] of [
      ['4.5', 'false'],
      ['5', 'false'],
      ['5.5', 'true'],
    ] as const) {
      const longer = renderTemplate('{{=max(asFloat(duration), 5) != 5}}', { duration });
      const shorter = renderTemplate('{{=min(asFloat(duration), 5) != 5 and true}}', { duration });
      expect(longer).to.deep.equal({ value: isLong });
      expect(shorter).to.deep.equal({ value: String(duration === '4.5') });
    }
  });
});
