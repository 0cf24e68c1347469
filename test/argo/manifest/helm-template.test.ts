import { expect } from 'chai';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';

const isHelm = (text: string): boolean => readManifests(text).helmTemplateAt !== undefined;

describe('templates of Helm charts', () => {
  const templates = [
    '{{- if .Values.enabled }}\nkind: Workflow\n{{- end }}\n',
    '{{ if eq .Values.a "b" }}\nkind: Workflow\n{{ end }}\n',
    'kind: Workflow\nmetadata:\n  name: {{ .Release.Name }}\n',
    'kind: Workflow\nmetadata:\n  labels:\n    {{- include "a.labels" . | nindent 4 }}\n',
    'kind: Workflow\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n',
    'kind: Workflow\n{{- range $name, $value := .Values.list }}\na: {{ $name }}\n{{- end }}\n',
    'kind: Workflow\nmetadata:\n  name: "{{ .Chart.Name }}-x"\n',
    'kind: Workflow\nmetadata:\n  name: "{{ $.Values.name }}"\n',
    "kind: Workflow\nspec: {metrics: {prometheus: [{name: a, help: '{{`{{status}}`}}'}]}}\n",
    `kind: Workflow\na: '{{ "{{" }}status{{ "}}" }}'\n`,
    'kind: Workflow\na: "{{ printf "x" | quote }}"\n',
    '{{/* a comment */}}\nkind: Workflow\na: {{ template "x" . }}\n',
  ];
  for (const text of templates)
    it(`should recognise ${JSON.stringify(text)}`, () => expect(isHelm(text)).to.equal(true));

  const manifests = [
    'kind: Workflow\na: "{{workflow.name}} {{ inputs.parameters.x }}"\n',
    "kind: Workflow\na: '{{=sprig.trim(inputs.parameters.x)}}'\n",
    `kind: Workflow\na: "{{=asInt(workflow.parameters['a']) | b}}"\n`,
    'kind: Workflow\na: |\n  {{- if .Values.x }}\n  {{ .Values.x | quote }}\n  {{- end }}\n',
    // A tag that Argo does not have, which lint says.
    "kind: Workflow\nspec: {metrics: {prometheus: [{name: a, help: '{{ .Values.x }}'}]}}\n",
    "kind: Workflow\na: docker ps --format '{{.Names}}'\n",
    // A manifest of Argo with a mistake, not a template of Helm.
    'kind: Workflow\na: {{workflow.name}}\n',
    'kind: Workflow\na: [1\nb: "{{status}}"\n',
    'kind: Workflow\n',
    '',
  ];
  for (const text of manifests)
    it(`should not take ${JSON.stringify(text)} for one`, () => expect(isHelm(text)).to.equal(false));

  it('should lint a manifest of Argo that has a value of Helm by mistake, unless it is where templates are', () => {
    const text = 'kind: Workflow\nmetadata: {name: a}\nspec: {a: "{{ .Values.team }}"}\n';
    expect(isHelm(text)).to.equal(false);
    expect(readManifests(text, true).helmTemplateAt).to.equal(text.indexOf('{{'));
    expect(readManifests('kind: Workflow\na: "{{workflow.name}}"\n', true).helmTemplateAt).to.equal(
      undefined,
    );
  });

  it('should say where it shows', () => {
    const text = 'kind: Workflow\nmetadata:\n  name: {{ .Release.Name }}\n';
    expect(readManifests(text).helmTemplateAt).to.equal(text.indexOf('{{'));
  });

  it('should come to an end with texts made to take none', () => {
    // What went over the text again for each of its signs would take hours: a test has a minute.
    const signs = 1_000_000;
    for (const text of [
      `a: [${'{{ '.repeat(signs)}${'|'.repeat(signs)}`,
      `a: [{{${' '.repeat(signs)}${'| '.repeat(signs)}`,
      `a: [{{ ${'|'.repeat(signs)}${' '.repeat(signs)}`,
      `a: [${' '.repeat(signs)}${'\n{{ '.repeat(signs / 2)}`,
      `a: [${'{{- '.repeat(signs / 2)}(${'$ '.repeat(signs)}`,
      `a: [${'\n  {{ $a'.repeat(signs / 4)}`,
    ])
      expect(isHelm(text), text.slice(0, 20)).to.equal(false);
  });
});
