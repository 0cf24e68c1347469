import { expect } from 'chai';
import { spreadOfText } from '../../../lib/argo/lint/label-flow.js';
import { fixed } from '../../../lib/argo/lint/value-spread.js';

const kindOf = (text: string): string => {
  const spread = spreadOfText(text, name => {
    if (name === 'item') return fixed(4);
    return name === 'inputs.parameters.three' ? fixed(3) : undefined;
  });
  return spread.kind === 'fixed' ? String(spread.count) : spread.kind;
};

describe('spreadOfText', () => {
  const cases: Readonly<Record<string, string>> = {
    text: '1',
    '{{status}}': '7',
    '{{inputs.parameters.three}}-{{item}}': '12',
    '{{inputs.parameters.other}}': 'declared',
    '{{workflow.name}}': 'perRun',
    "{{=workflow['uid']}}": 'perRun',
    '{{pod.name}}': 'perNode',
    '{{duration}}': 'number',
    '{{outputs.result}}': 'text',
    '{{outputs.parameters.grade}}': 'declared',
    '{{=now()}}': 'fresh',
    "{{=now().Format('2006')}}": 'reduced',
    "{{=now().Format('2006-01-02T15')}}": 'fresh',
    "{{=now().Format('Mon')}}": '7',
    '{{=now().Weekday()}}': '7',
    '{{=now().Unix()}}': 'fresh',
    "{{=sprig.date('15', status)}}": '24',
    "{{=sprig.date('2006-01-02 15:04', 'no time')}}": 'fresh',
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
    // Of a number below zero, the remainder is too.
    '{{=asInt(outputs.result) % 10}}': '19',
    '{{=len(outputs.result) % 10}}': '10',
    '{{=min(int(asFloat(duration) / 60), 10)}}': '11',
    '{{=min(asInt(outputs.result), 10)}}': 'text',
    "{{=outputs.result in ['a', 'b'] ? outputs.result : 'c'}}": '3',
    "{{=outputs.result not in ['a', 'b'] ? 'c' : outputs.result}}": '3',
    "{{=outputs.result in ['a', 'b'] ? 'c' : outputs.result}}": 'text',
    "{{=outputs.result == 'a' or status == 'b' ? outputs.result : 'c'}}": 'text',
    '{{=let w = workflow; w.name}}': 'perRun',
    "{{=let item = {'a': workflow.name}; item.a}}": 'reduced',
    '{{=let f = sprig; f.now()}}': 'fresh',
    // Where it is true, it is the text.
    '{{=true and sprig.upper(workflow.name)}}': 'perRun',
    "{{=sprig.empty('') or sprig.upper(inputs.parameters.three)}}": '5',
    "{{=status == 'a' and (retries == '0' or sprig.empty(status))}}": '2',
    // It shows the status.
    "{{=sprig.toString(let status = 'a'; status)}}": '8',
    "{{=sprig.toString(let workflow = {'name': 'a'}; workflow.name)}}": 'reduced',
    "{{='abcdef'[0:len(workflow.name)]}}": 'reduced',
    "{{=string({'a': 'x'}[status])}}": '2',
    '{{=count([1, 2, 3], # > len(status))}}': '8',
    "{{=find(['a', 'b'], # == workflow.name) ?? 'c'}}": '3',
    '{{=trim(workflow.name)}}': 'perRun',
    "{{=get(workflow.labels, 'team')}}": 'declared',
    "{{=jsonpath(outputs.result, '$.grade')}}": 'reduced',
    '{{workflow.creationTimestamp.A}}': '7',
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

  it('should look at each part of an expression once, however deep they stand in each other', () => {
    const wrapped = (times: number, wrap: (text: string) => string): string =>
      Array.from({ length: times }).reduce<string>(wrap, 'workflow.name');
    expect(kindOf(`{{=${wrapped(60, text => `map([1, 2], ${text})`)}}}`)).to.equal('reduced');
    expect(kindOf(`{{=now()${'.UTC()'.repeat(80)}}}`)).to.equal('fresh');
    expect(kindOf(`{{=${wrapped(80, text => `status == 'a' ? 'b' : ${text}`)}}}`)).to.equal('perRun');
  });
});
