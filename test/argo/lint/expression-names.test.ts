import { expect } from 'chai';
import { compileExpressionText } from '../../../lib/argo/expression/expression.js';
import { missingName } from '../../../lib/argo/lint/expression-names.js';
import { scopeIn } from './manifest-findings.js';

const scope = scopeIn(
  {},
  { container: {}, inputs: { parameters: [{ name: 'max-age' }, { name: 'plain' }] } },
);

function said(source: string): string {
  const compiled = compileExpressionText(source);
  if ('error' in compiled) return compiled.error.message;
  const missing = missingName({ expression: compiled.expression, path: '', start: 0 }, scope);
  return missing ? `${missing.position} ${missing.message.replace(/^.*: /, '')} | ${missing.hint}` : '';
}

describe('missingName', () => {
  it('should pass what exists, also as a map and with a guard', () => {
    for (const source of [
      "inputs.parameters['max-age']",
      'workflow["name"]',
      "outputs?.parameters?.x ?? 'none'",
      'toJson(workflow.labels)',
      "sprig.upper(status) + string(asInt('1'))",
      'any([1, 2], # == 1)',
      'workflow.creationTimestamp.Y',
    ])
      expect(said(source), source).to.equal('');
  });

  it('should point at the first name that is missing', () => {
    expect(said('asFloat(duration) + druation')).to.equal('20 druation is missing | Did you mean duration?');
    expect(said("status == 'a' ? Yes : 'no'")).to.equal(
      "16 Yes is missing | No variable has this name. A text stands in quotes: 'Yes'.",
    );
    expect(said('status == us-east')).to.match(/quotes: 'us-east'/);
    expect(said('inputs.parameters.plan')).to.match(/Did you mean inputs\.parameters\.plain\?/);
    expect(said('workflow.nmae')).to.match(/Did you mean workflow\.name\?/);
    expect(said('tasks.a.outputs.result')).to.match(/Metrics see no other nodes/);
  });

  it('should see a minus that was meant to be a dash', () => {
    expect(said('asInt(inputs.parameters.max-age)')).to.match(
      /inputs\.parameters\.max is missing \| Write inputs\.parameters\['max-age'\]: outside of brackets a dash is a minus/,
    );
    expect(said("inputs.parameters.plain + 'a.max-age'")).to.equal('');
  });

  it('should know functions by other names, and those of Sprig', () => {
    expect(said('toUpper(status)')).to.match(/Did you mean upper\?/);
    expect(said('lowr(status)')).to.match(/Did you mean lower\?/);
    expect(said('title(status)')).to.match(/Did you mean sprig\.title\?/);
    expect(said('sprig.titel(status)')).to.match(/Did you mean sprig\.title\?/);
    expect(said('sprig.asFloat(status)')).to.match(/Did you mean asFloat\?/);
    expect(said('frobnicate(status)')).to.match(/no such function/);
  });

  it('should say that a declared name is looked up like a variable', () => {
    expect(said('let a = status; a')).to.match(/a is missing \| .*`let`/);
  });
});
