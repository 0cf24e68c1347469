// Which fields of Argo's objects are texts. Go's YAML turns `value: 5` into the text "5" there, and only there.

/** What is known of a value before it is read. */
export interface FieldShape {
  readonly isText?: true;
  /** Of an object. */
  field?(key: string): FieldShape | undefined;
  /** Of every element of a list. */
  readonly item?: FieldShape;
}

const TEXT: FieldShape = { isText: true };

const LABEL = fields({ key: TEXT, value: TEXT });
const METRIC = fields({
  name: TEXT,
  help: TEXT,
  when: TEXT,
  labels: { item: LABEL },
  gauge: fields({ value: TEXT, operation: TEXT }),
  histogram: fields({ value: TEXT }),
  counter: fields({ value: TEXT }),
});
const METRICS = fields({ prometheus: { item: METRIC } });
const PARAMETERS = fields({ parameters: { item: fields({ name: TEXT, value: TEXT }) } });

/** A template may hold others: those that its steps and tasks have inline. */
const TEMPLATE: FieldShape = { field: key => TEMPLATE_FIELDS.get(key) };
const CALL = fields({ name: TEXT, inline: TEMPLATE, arguments: PARAMETERS });
const TEMPLATE_FIELDS: ReadonlyMap<string, FieldShape> = new Map<string, FieldShape>([
  ['name', TEXT],
  ['metrics', METRICS],
  ['inputs', PARAMETERS],
  ['outputs', PARAMETERS],
  ['steps', { item: { item: CALL } }],
  ['dag', fields({ tasks: { item: CALL } })],
]);

const WORKFLOW_SPEC = fields({
  metrics: METRICS,
  arguments: PARAMETERS,
  templates: { item: TEMPLATE },
  templateDefaults: TEMPLATE,
});
const METADATA = fields({ name: TEXT, generateName: TEXT, namespace: TEXT });

/** The objects that can have metrics, by their kind. */
export const OBJECT_OF_KIND: ReadonlyMap<string, FieldShape> = new Map<string, FieldShape>([
  ...['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'].map(
    kind => [kind, fields({ metadata: METADATA, spec: WORKFLOW_SPEC })] as const,
  ),
  ['CronWorkflow', fields({ metadata: METADATA, spec: fields({ workflowSpec: WORKFLOW_SPEC }) })],
]);

function fields(shapes: Readonly<Record<string, FieldShape>>): FieldShape {
  const byKey = new Map(Object.entries(shapes));
  return { field: key => byKey.get(key) };
}
