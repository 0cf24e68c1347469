// The syntax tree of an expression. Positions are UTF-16 indices into its text.
export type Syntax =
  | Literal
  | ListSyntax
  | MapSyntax
  | IdentifierSyntax
  | PointerSyntax
  | UnarySyntax
  | BinarySyntax
  | ConditionalSyntax
  | MemberSyntax
  | SliceSyntax
  | ChainSyntax
  | CallSyntax
  | BuiltinSyntax
  | PredicateSyntax
  | LetSyntax
  | SequenceSyntax;

interface Placed {
  readonly position: number;
}

export type Literal = Placed &
  (
    | { readonly kind: 'nil' }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'integer'; readonly value: bigint }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'bytes'; readonly value: readonly number[] }
  );

export interface ListSyntax extends Placed {
  readonly kind: 'list';
  readonly items: readonly Syntax[];
}

export interface MapSyntax extends Placed {
  readonly kind: 'map';
  readonly pairs: readonly { readonly key: Syntax; readonly value: Syntax }[];
}

export interface IdentifierSyntax extends Placed {
  readonly kind: 'identifier';
  readonly name: string;
}

/** `#`, `#index` or `#acc` in a predicate; the dot that `.field` begins with is a `#` too. */
export interface PointerSyntax extends Placed {
  readonly kind: 'pointer';
  readonly name: string;
}

export interface UnarySyntax extends Placed {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand: Syntax;
}

export interface BinarySyntax extends Placed {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Syntax;
  readonly right: Syntax;
}

export interface ConditionalSyntax extends Placed {
  readonly kind: 'conditional';
  /** `test ? yes : no`; otherwise `if test { yes } else { no }`. */
  readonly isTernary: boolean;
  readonly test: Syntax;
  readonly yes: Syntax;
  readonly no: Syntax;
}

export interface MemberSyntax extends Placed {
  readonly kind: 'member';
  readonly object: Syntax;
  readonly property: Syntax;
  readonly isOptional: boolean;
  /** It is called. */
  readonly isMethod: boolean;
}

export interface SliceSyntax extends Placed {
  readonly kind: 'slice';
  readonly object: Syntax;
  readonly from: Syntax | undefined;
  readonly to: Syntax | undefined;
}

/** As far as a `?.` that finds nil ends the evaluation, with nil. */
export interface ChainSyntax extends Placed {
  readonly kind: 'chain';
  readonly node: Syntax;
}

export interface CallSyntax extends Placed {
  readonly kind: 'call';
  readonly callee: Syntax;
  readonly args: readonly Syntax[];
}

/** A function of the language, by its name. */
export interface BuiltinSyntax extends Placed {
  readonly kind: 'builtin';
  readonly name: string;
  /** Written `::name`, so that no variable of that name can stand in the way. */
  readonly isForced: boolean;
  readonly args: readonly Syntax[];
}

export interface PredicateSyntax extends Placed {
  readonly kind: 'predicate';
  readonly body: Syntax;
}

export interface LetSyntax extends Placed {
  readonly kind: 'let';
  readonly name: string;
  readonly value: Syntax;
  readonly body: Syntax;
}

export interface SequenceSyntax extends Placed {
  readonly kind: 'sequence';
  readonly nodes: readonly Syntax[];
}

/** The parts of a node from left to right. */
export function partsOf(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'map':
      return node.pairs.flatMap(({ key, value }) => [key, value]);
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.yes, node.no];
    case 'member':
      return [node.object, node.property];
    case 'slice':
      return [node.object, node.from, node.to].filter(part => part !== undefined);
    case 'chain':
      return [node.node];
    case 'call':
      return [node.callee, ...node.args];
    case 'builtin':
      return node.args;
    case 'predicate':
      return [node.body];
    case 'let':
      return [node.value, node.body];
    case 'sequence':
      return node.nodes;
    default:
      return [];
  }
}
