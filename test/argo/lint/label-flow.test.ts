import { expect } from 'chai';
import { spreadOfText } from '../../../lib/argo/lint/label-flow.js';
import { fixed } from '../../../lib/argo/lint/value-spread.js';

const kindOf = (text: string): string => {
  const spread = spreadOfText(text, { inputs: name => (name === 'three' ? fixed(3) : undefined), items: 4 });
  return spread.kind === 'fixed' ? String(spread.count) : spread.kind;
};

describe('spreadOfText', () => {
  const cases: Readonly<Record<string, string>> = {
    text: '1',
    '{{status}}': '6',
    '{{inputs.parameters.three}}-{{item}}': '12',
    '{{inputs.parameters.other}}': 'declared',
    '{{workflow.name}}': 'perRun',
    "{{=workflow['uid']}}": 'perRun',
    '{{pod.name}}': 'perNode',
    '{{duration}}': 'number',
    '{{outputs.result}}': 'text',
    '{{outputs.parameters.grade}}': 'declared',
    '{{=now()}}': 'fresh',
    "{{=now().Format('2006')}}": 'fresh',
    '{{=sprig.uuidv4()}}': 'fresh',
    "{{=asFloat(duration) > 5 ? 'a' : 'b'}}": '2',
    "{{=status == 'a' ? 'x' : status == 'b' ? 'y' : 'z'}}": '3',
    '{{=not (workflow.name in ["a"])}}': '2',
    "{{=workflow.name not in ['a']}}": '2',
    "{{=status == 'a' ? workflow.name : 'x'}}": 'perRun',
    '{{=workflow.name[0:3]}}': 'reduced',
    "{{=split(workflow.name, '-')[0]}}": 'reduced',
    '{{=lower(workflow.name)}}': 'perRun',
    '{{=workflow.name | upper()}}': 'perRun',
    '{{=int(asFloat(duration))}}': 'number',
    '{{=int(asFloat(duration) / 60)}}': 'reduced',
    '{{=asInt(outputs.result) % 10}}': '10',
    "{{={'a': 'x', 'b': 'y'}[status]}}": '2',
    '{{=toJson(workflow.labels)}}': 'text',
    "{{=outputs.result ?? 'x'}}": 'text',
    "{{=sprig.hasPrefix('a', workflow.name)}}": '2',
    "{{=any(['a', 'b'], # == workflow.name)}}": '2',
    "{{=sprig.randAlpha(3) == 'abc' ? 1 : 2}}": '2',
    '{{workflow.annotations.workflows.argoproj.io/scheduled-time}}': 'perRun',
    '{{unclosed': 'declared',
  };
  for (const [text, expected] of Object.entries(cases))
    it(`should follow ${text}`, () => {
      expect(kindOf(text)).to.equal(expected);
    });
});
