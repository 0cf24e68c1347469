import { expect } from 'chai';
import { clause, findingsIn, gauge, inTemplate, inWorkflow, labelled } from './manifest-findings.js';

const DAG = { dag: { tasks: [] } };

describe('reportMeaning', () => {
  it('lint-comparison-fails-node: an expression that keeps the pod from being made is an error, and only there', () => {
    const texts = [
      "{{=asFloat(duration) > 9 ? 'long' : 'short'}}",
      "{{=status == 'Failed' && exitCode == '1'}}",
      '{{=status == "Failed"}}',
    ];
    for (const text of texts) {
      for (const kind of ['container', 'script', 'containerSet', 'resource', 'data'])
        expect(findingsIn(inTemplate(labelled(text), { [kind]: {} }))[0], `${kind} ${text}`).to.match(
          /^error NODE_FAILS/,
        );
      for (const kind of ['steps', 'dag']) {
        const [found = ''] = findingsIn(inTemplate(labelled(text), { [kind]: {} }));
        expect(found, `${kind} ${text}`).to.match(
          text.includes('exitCode') ? /^error EXPRESSION_FAILED/ : /^$/,
        );
      }
      expect(findingsIn(inWorkflow(labelled(text)), 'NODE_FAILS'), text).to.deep.equal([]);
    }
  });

  it('lint-comparison-fails-node: what is known before the pod is made fails it only when it cannot be evaluated', () => {
    const template = { inputs: { parameters: [{ name: 'gb' }, { name: 'kind' }] }, container: {} };
    const severity = (text: string): string[] =>
      findingsIn(inTemplate(labelled(text), template)).map(found => found.split(':', 1)[0] ?? '');
    expect(severity("{{=asInt(inputs.parameters.gb) > 4 ? 'big' : 'small'}}")).to.deep.equal([
      'warning NODE_FAILS',
    ]);
    expect(severity('{{=inputs.parameters.kind == "a" && inputs.parameters.gb != "4"}}')).to.deep.equal([]);
  });

  it('lint-builtin-names: a metric of the controller cannot be defined again', () => {
    for (const name of ['locks_held', 'queue_depth_gauge', 'is_leader', 'log_messages']) {
      const [found] = findingsIn(inTemplate({ ...gauge('1'), name }));
      expect(found).to.match(/^error NAME_RESERVED: the controller has a metric '/);
    }
    expect(findingsIn(inTemplate({ ...gauge('1'), name: 'locks_held_by_us' }))).to.deep.equal([]);
  });

  it('lint-expression-names: names and types that can never be, with what was meant', () => {
    const template = { inputs: { parameters: [{ name: 'page-size' }] }, container: {} };
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{{=asFloat(durations) / 60}}', /durations is missing \| Did you mean duration\?/],
      ['{{=status == Succeeded ? 1 : 0}}', /Succeeded is missing \| .*quotes: 'Succeeded'/],
      ['{{=duration * 2}}', /mismatched types string and int\) \| .*asInt or asFloat/],
      ["{{=sprig.nothing(status) == 'a' ? 1 : 0}}", /sprig\.nothing is missing/],
      ["{{=toLower(status) == 'failed' ? 1 : 0}}", /toLower is missing \| Did you mean lower\?/],
      ['{{=asInt(inputs.parameters.page-size)}}', /Write inputs\.parameters\['page-size'\]/],
      ['{{=int(duration)}}', /int\(.*\| The seconds have decimals: int\(asFloat\(duration\)\)/],
      ['{{=len(exit_code)}}', /exit_code is missing \| Did you mean exitCode\?/],
    ];
    for (const [text, expected] of cases) {
      const found = findingsIn(inTemplate(gauge(text), template));
      expect(found, text).to.have.length(1);
      expect(found[0])
        .to.match(/^error EXPRESSION_FAILED/)
        .and.match(expected);
    }
  });

  it('lint-when-never: clauses are decided for every phase', () => {
    const said = (when: string): string => findingsIn(inWorkflow(clause(when)))[0] ?? '';
    expect(said('{{workflow.status}} == succeeded')).to.match(/^warning WHEN_NEVER_TRUE.*'Succeeded'/);
    expect(said('{{workflow.status}} == Pending')).to.match(
      /^warning WHEN_NEVER_TRUE.*Succeeded, Failed, Error/,
    );
    expect(said('{{workflow.status}}')).to.match(/^error WHEN_INVALID.*Got Succeeded/);
    expect(said("{{status}} == Error || 'Failed'")).to.match(/^warning WHEN_INVALID.*not a bool/);
    expect(said('{{status}} == ')).to.match(/^error WHEN_INVALID.*Unexpected end/);
    expect(said('{{status}} == Error || {{exitCode}} == 3')).to.equal('');
  });

  it('lint-workflow-level-tags: the workflow level sees the entry node, and nothing of a call', () => {
    const said = (text: string, entry: object = DAG): string => {
      const manifest = inWorkflow(labelled(text), { ...entry });
      return findingsIn(manifest, 'TAG_UNRESOLVED', 'EXPRESSION_FAILED')[0] ?? '';
    };
    const never = [
      '{{exitCode}}',
      '{{inputs.parameters.some}}',
      '{{outputs.parameters.some}}',
      '{{pod.name}}',
    ];
    for (const text of [...never, '{{item}}', '{{node.name}}', '{{=exitCode}}', '{{outputs.result}}'])
      expect(said(text), text).to.match(/^error /);
    const entry = {
      container: {},
      inputs: { parameters: [{ name: 'some' }] },
      outputs: { parameters: [{ name: 'some' }] },
    };
    for (const text of ['{{exitCode}}', '{{inputs.parameters.some}}', '{{=outputs.parameters.some}}'])
      expect(said(text, entry), text).to.equal('');
    const live = { name: 'm', help: 'M', gauge: { realtime: true, value: '{{duration}}' } };
    expect(findingsIn(inWorkflow(live))[0]).to.match(/^warning REALTIME_VARIABLE_UNKNOWN/);
  });

  it('lint-cardinality-false-positives: brackets, comparisons and ternaries are no hazard', () => {
    const template = { inputs: { parameters: [{ name: 'data-center' }] }, ...DAG };
    for (const text of [
      "{{=inputs.parameters['data-center']}}",
      "{{=workflow.parameters['data-center']}}",
      "{{=workflow.labels['cost-unit']}}",
      "{{=asFloat(duration) > 3600.0 ? 'hours' : 'minutes'}}",
      "{{=workflow.name contains 'canary' ? 'canary' : 'stable'}}",
    ])
      expect(findingsIn(inTemplate(labelled(text), template)), text).to.deep.equal([]);
  });

  it('lint-cardinality-missed: what is new each time is a hazard, however it comes', () => {
    const called = {
      templates: [
        {
          name: 'all',
          steps: [[{ name: 'date', template: 'date' }], [call('t', '{{steps.date.outputs.result}}')]],
        },
        { name: 'date', script: {} },
        {
          name: 't',
          inputs: { parameters: [{ name: 'at' }] },
          container: {},
          metrics: { prometheus: [labelled('{{inputs.parameters.at}}')] },
        },
      ],
    };
    expect(findingsIn(inTemplate(gauge('1'), undefined, called))).to.deep.equal([
      "warning CARDINALITY_HAZARD: label 'k' is built from steps.date.outputs.result, which a caller passes in inputs.parameters.at: every other text adds a series | Use something with few values, such as {{=inputs.parameters.at in ['a', 'b'] ? inputs.parameters.at : 'other'}}, or leave the label out. Without a change of the manifest, metricsConfig leaves it out: modifiers: { m_total: { disabledAttributes: ['k'] } }; in a program a View does: cardinalityLimitedView({ instrumentName: 'argo_workflows_m_total', limit: 2000, labels: { k: { drop: true } } })",
    ]);
    for (const text of [
      '{{=sprig.randNumeric(4)}}',
      "{{=now().Format('15:04')}}",
      "{{=workflow['name']}}",
      "{{=upper(node['name'])}}",
      "{{=status + '-' + workflow.uid}}",
    ])
      expect(findingsIn(inTemplate(labelled(text)), 'CARDINALITY_HAZARD'), text).to.have.length(1);
  });

  it('lint-wrong-hints: a hint names what works', () => {
    const hint = (text: string): string => {
      const metric = { ...labelled(text), when: '{{status}} == Failed' };
      return findingsIn(inTemplate(metric))[0]?.split(' | ')[1] ?? '';
    };
    expect(hint('{{ cronworkflow.name }}')).to.equal(
      'Write {{workflow.labels.workflows.argoproj.io/cron-workflow}}.',
    );
    expect(hint('{{ =lower(status) }}')).to.match(
      /without a space before the equals sign: \{\{=lower\(status\)\}\}/,
    );
    expect(hint('{{ $.Values.team }}')).to.match(/Helm/);
    expect(hint("{{=workflow.labels['app.kubernetes.io/name']}}")).to.match(
      /simple tag \{\{workflow\.labels\.app\.kubernetes\.io\/name\}\}/,
    );
  });
});

function call(template: string, value: string): object {
  return { name: template, template, arguments: { parameters: [{ name: 'at', value }] } };
}
